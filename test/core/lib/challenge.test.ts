import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseChallenges } from "../../../core/lib/http_headers.ts";

const s = suite("WWW-Authenticate");

const parsed = (header: string | null) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

const cases: [string | null, unknown][] = [
  [null, []],
  ["", []],
  ["Basic", [["basic", {}]]],
  [`Basic realm="a registry"`, [["basic", { realm: "a registry" }]]],
  [
    `Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull,push"`,
    [["bearer", {
      realm: "https://auth.docker.io/token",
      service: "registry.docker.io",
      scope: "repository:library/nginx:pull,push",
    }]],
  ],
  [`BEARER Realm = "x" , Service=plain`, [["bearer", { realm: "x", service: "plain" }]]],
  [`Negotiate, Bearer realm="x", Basic realm="y"`, [["negotiate", {}], ["bearer", { realm: "x" }], ["basic", {
    realm: "y",
  }]]],
  [`Bearer realm="a \\"b\\" \\\\, c"`, [["bearer", { realm: `a "b" \\, c` }]]],
  [`Bearer realm="first", realm="second"`, [["bearer", { realm: "first" }]]],
  [`Bearer realm="never ends, service="x`, [["bearer", { realm: "never ends, service=" }], ["x", {}]]],
  [`= , ;; "`, []],
];
for (const [header, expected] of cases) s(`${header}`, () => assert.equal(parsed(header), expected));

s("any text is read to its end", () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseChallenges(text))));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a=," \\;<') }), (text) => Array.isArray(parseChallenges(text))),
  );
});

s.run();
