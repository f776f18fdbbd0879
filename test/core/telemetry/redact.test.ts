import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import {
  redactAddresses,
  redactErrorUrls,
  redactFields,
  redactSecrets,
  redactUrls,
} from "../../../core/telemetry/redact.ts";

const s = suite("redaction");

s("fields whose names say so are blotted out, at any depth", () => {
  const names = "password PASSWORD dbPasswd webhookSecret HEADWIND_WEBHOOK_SECRET token accessToken Authorization " +
    "credentials privateKey private_key apiKey api-key";
  for (const name of names.split(" ")) {
    for (const value of ["hunter2", 5, { deep: "hunter2" }, ["hunter2"]]) {
      assert.equal(redactFields({ [name]: value }), { [name]: "[redacted]" });
      assert.equal(redactFields({ a: [{ [name]: value }] }), { a: [{ [name]: "[redacted]" }] });
    }
  }
});

s("other fields are kept as they are", () => {
  const fields = {
    image: "registry.example:5000/team/app:1.2@sha256:" + "a".repeat(64),
    imagePullSecrets: ["regcred"],
    secretName: "regcred",
    key: "Deployment/default/web",
    count: 5,
    truth: false,
    none: null,
    list: [1, "a", { b: 2 }],
    url: "https://registry.example/v2/team/app/tags/list?n=100&last=1.0",
    mail: "ann@example.com",
  };
  assert.equal(redactFields(fields), fields);
  assert.equal(redactFields({ absent: undefined }), {});
});

s("logins, bearer tokens and secrets of URLs are blotted out of any text", () => {
  const rows: [string, string][] = [
    ["https://ann:hunter2@reg.example/v2/", "https://[redacted]@reg.example/v2/"],
    ["https://hunter2@reg.example/v2/", "https://[redacted]@reg.example/v2/"],
    ["Authorization: Bearer eyJh.bGci-Oi_J~9+/==", "Authorization: Bearer [redacted]"],
    ["Basic YW5uOmh1bnRlcjI=", "Basic [redacted]"],
    ["/webhook/registry?token=hunter2&x=1", "/webhook/registry?token=[redacted]&x=1"],
    ["/a?x=1&Signature=hunter2", "/a?x=1&Signature=[redacted]"],
    ['fetch "https://a.example/?sig=hunter2" failed', 'fetch "https://a.example/?sig=[redacted]" failed'],
  ];
  for (const [text, expected] of rows) {
    assert.is(redactSecrets(text), expected);
    assert.equal(redactFields({ a: text, b: [text], c: { d: text } }), {
      a: expected,
      b: [expected],
      c: { d: expected },
    });
  }
});

s("an error is its message and its cause's, without secrets", () => {
  const cause = new Error("connect https://ann:hunter2@a.example/ refused");
  assert.equal(redactFields({ error: new Error("fetch failed", { cause }) }), {
    error: "fetch failed: connect https://[redacted]@a.example/ refused",
  });
  assert.equal(redactFields({ error: new Error("it is away.", { cause: new Error("no route") }) }), {
    error: "it is away: no route",
  });
  assert.equal(redactFields({ error: new TypeError("twice: why", { cause: new Error("why") }) }), {
    error: "twice: why",
  });
});

s("whatever is given, plain data comes out", () => {
  const inItself: Record<string, unknown> = { a: 1 };
  inItself.me = inItself;
  const twice = { b: 2 };
  const when = new Date();
  const fields = {
    inItself,
    twice: [twice, twice],
    when,
    url: new URL("https://hunter2@a.example/"),
    big: 5n,
    mark: Symbol("mark"),
    run: () => 1,
    deep: JSON.parse(`${"[".repeat(50)}1${"]".repeat(50)}`),
    list: Object.assign([] as unknown[], { 0: undefined }),
  };
  const clean = redactFields(fields);
  assert.equal(clean.inItself, { a: 1, me: "…" });
  assert.equal(clean.twice, [{ b: 2 }, { b: 2 }]);
  assert.is(clean.when, when.toISOString());
  assert.is(clean.url, "https://[redacted]@a.example/");
  assert.is(clean.big, "5");
  assert.ok(JSON.stringify(clean).length < 500);
  assert.is(fields.inItself.me, inItself, "what was given is not changed");
});

s("nothing makes it throw", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })),
      (fields) => {
        JSON.stringify(redactFields(fields));
      },
    ),
    { numRuns: 300 },
  );
});

s("a text of any length makes a line that can be read", () => {
  const { text, error } = redactFields({
    text: "x".repeat(250_000),
    error: new Error(`Bearer abc ${"y".repeat(250_000)}`),
  });
  assert.is((text as string).length, 8193);
  assert.match(error as string, /^Bearer \[redacted\] y+…$/);
});

const rows: [given: string, wanted: string][] = [
  [
    "error sending request for url (https://hooks.example/services/T0/B0/secret): refused",
    "error sending request for url (hooks.example): refused",
  ],
  ["https://user:secret@hooks.example:8443/x?y=z#w answered 500", "hooks.example:8443 answered 500"],
  ["smtp://mail.example/secret and HTTP://A.example", "mail.example and A.example"],
  ["no address at all: 12:30", "no address at all: 12:30"],
];
for (const [given, wanted] of rows) s(given, () => assert.is(redactUrls(given), wanted));

s("those that caused it too", () => {
  const error = new Error("fetch failed", { cause: new Error("connect https://hooks.example/secret") });
  assert.is(redactErrorUrls(error).message, "fetch failed: connect hooks.example");
  assert.is(redactErrorUrls("https://hooks.example/secret").message, "hooks.example");
});

s("sentences that were caused by others are joined to one", () => {
  const error = new Error("It is away.", { cause: new Error("no route.") });
  assert.is(redactErrorUrls(error).message, "It is away: no route");
});

s("a cause in a circle, and a text without end, come to one", () => {
  const error = new Error("a") as Error & { cause?: unknown };
  error.cause = error;
  assert.is(redactErrorUrls(error).message, "a: a: a: a: a");
  assert.ok(redactUrls("https://".repeat(100_000)).length < 3_000);
});

s("pods' addresses are left out, all else stays", () => {
  const cases: [text: string, told: string][] = [
    [
      "error sending request from 10.1.2.3:46582 for http://web:80/ (10.96.0.7:80): client error",
      "error sending request from … for http://web:80/ (…): client error",
    ],
    ["connect ECONNREFUSED 10.1.2.3:443", "connect ECONNREFUSED …"],
    ["connect EHOSTUNREACH fd00:10:244::1a:443 - Local (:::0)", "connect EHOSTUNREACH … - Local (…)"],
    ["dial [fe80::1%eth0]:8080 and [fd00::7]", "dial … and …"],
    ["https://10.96.0.1:443/api", "https://…/api"],
    [
      "at 12:30:45 app:1.2.3 of reg.example:5000/a.b and v1.2.3.4.5",
      "at 12:30:45 app:1.2.3 of reg.example:5000/a.b and v1.2.3.4.5",
    ],
  ];
  for (const [text, told] of cases) assert.is(redactAddresses(text), told);
});

s("a very long error is cut before it is looked through, and no address in two", () => {
  const words = "x".repeat(2_035);
  assert.is(redactAddresses(`${words} from 10.96.0.7 and 10.96.0.8`), `${words} from …`);
  assert.is(redactAddresses(":".repeat(1_000_000)), " …");
});

s.run();
