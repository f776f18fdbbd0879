import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { suite } from "uvu";
import { nextLink, parseChallenges } from "../../../core/lib/http_headers.ts";

const s = suite("headers of HTTP");

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

const links: [string | null, string | undefined][] = [
  [null, undefined],
  [`</v2/app/tags/list?n=2&last=b>; rel="next"`, "/v2/app/tags/list?n=2&last=b"],
  [`</a,b;c>;rel=next`, "/a,b;c"],
  [`</a>; rel="prev", </b>; title="x, <y>; rel=next" ; rel="NEXT last"`, "/b"],
  [`</a>; rel="prev"; rel="next"`, undefined],
  [`</a>; rel="nextish"`, undefined],
  [`</a>`, undefined],
  [`rel="next"`, undefined],
  [`</a; rel="next"`, undefined],
];
for (const [header, expected] of links) s(`${header}`, () => assert.is(nextLink(header), expected));

s("any text is read to its end", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ae<>=," \\;') }), (text) => {
    nextLink(text);
  }));
});

s.run();
