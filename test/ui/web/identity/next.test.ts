import * as assert from "uvu/assert";
import { suite } from "uvu";
import { HOSTILE } from "../../../support/hostile_strings.ts";
import { loginFor, safeNext } from "../../../../ui/web/identity/next.ts";

const s = suite("where to go on after signing in");

s("to a page of the dashboard's own, with what it says after ?", () => {
  for (const next of ["/", "/updates", "/updates?phase=Pending&q=a%20b", "/updates/shop/web-app-1"]) {
    assert.is(safeNext(next), next);
  }
  assert.is(loginFor("/updates?q=1"), "/login?next=%2Fupdates%3Fq%3D1");
  assert.is(loginFor("/"), "/login");
});

const others = [
  ...[null, undefined, "", "updates", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"],
  ...[
    "https://evil.example",
    "javascript:alert(1)",
    "/%0d%0aset-cookie:x",
    "/ a",
    "/ä",
    "/\u0000",
    "/..//evil.example",
  ],
  ...["/login", "/login?next=/login", "/logout", "/live?view=/", "/a\r\nset-cookie: x=1", `/${"x".repeat(3000)}`],
];
s("to nowhere else", () => {
  for (const next of [...others, ...Object.values(HOSTILE)]) {
    const went = safeNext(next);
    assert.match(went, /^\/(?![/\\])[\x21-\x7e]*$/, String(next));
    assert.is(new URL(went, "https://headwind.example").host, "headwind.example", String(next));
    assert.not.match(went, /^\/(login|logout|live)/);
  }
});

s.run();
