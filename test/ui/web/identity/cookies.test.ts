import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createCookieJar, TooLarge } from "../../../../ui/web/identity/cookies.ts";
import { browserOf } from "./browser.ts";

const s = suite("a value in a browser's cookies");
const jar = createCookieJar({ name: "headwind", insecure: false });
const value = (length: number) => Array.from({ length }, (_, at) => String.fromCharCode(97 + at % 26)).join("");

s("a short one is one cookie, of this host alone, that no script reads", () => {
  const [cookie, ...others] = jar.set("abc", new Headers());
  assert.is(cookie, "__Host-headwind=1.abc; Path=/; HttpOnly; SameSite=Lax; Secure");
  assert.equal(others, []);
});

s("over plain http it has another name, which a neighbour may set too", () => {
  const plain = createCookieJar({ name: "headwind", insecure: true, maxAge: 600 });
  assert.equal(plain.set("abc", new Headers()), ["headwind=1.abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"]);
});

for (const length of [1, 2999, 3000, 3001, 6000, 12_000]) {
  s(`of ${length} bytes it comes back as it was`, () => {
    const browser = browserOf();
    browser.take(jar.set(value(length), browser.headers()));
    assert.is(jar.read(browser.headers()), value(length));
    for (const cookie of browser.cookies.values()) assert.ok(cookie.length <= 3002);
  });
}

s("one that no browser keeps is refused", () => {
  assert.throws(() => jar.set(value(12_001), new Headers()), (error: Error) => error instanceof TooLarge);
});

s("a shorter one leaves nothing of a longer one, and what is forgotten is gone", () => {
  const browser = browserOf();
  browser.take(jar.set(value(9000), browser.headers()));
  assert.is(browser.cookies.size, 3);
  browser.take(jar.set("short", browser.headers()));
  assert.equal([...browser.cookies.keys()], ["__Host-headwind"]);
  assert.is(jar.read(browser.headers()), "short");
  browser.take(jar.clear(browser.headers()));
  assert.is(browser.cookies.size, 0);
  assert.equal(jar.clear(browser.headers()), []);
});

s("a piece that is missing, a count that is none, no cookie at all: nothing", () => {
  const browser = browserOf();
  browser.take(jar.set(value(9000), browser.headers()));
  browser.cookies.delete("__Host-headwind-2");
  assert.is(jar.read(browser.headers()), undefined);
  for (
    const cookie of ["", "__Host-headwind=", "__Host-headwind=abc", "__Host-headwind=9.abc", "headwind=1.abc", "=;;="]
  ) {
    assert.is(jar.read(new Headers({ cookie })), undefined, cookie);
  }
});

s("cookies of others beside it, in any order", () => {
  const cookie = "a=b; __Host-headwind-2=x; __Host-headwind=1.abc; theme=dark; __Host-headwind=1.other";
  assert.is(jar.read(new Headers({ cookie })), "abc");
});

s.run();
