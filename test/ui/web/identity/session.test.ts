import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createCookieJar, TooLarge } from "../../../../ui/web/identity/cookies.ts";
import { createSessions, type Holder, IDLE_SECONDS, LONGEST_SECONDS } from "../../../../ui/web/identity/session.ts";
import { parseSessionKeys } from "../../../../core/app/session_keys.ts";
import { browserOf } from "./browser.ts";

const s = suite("sessions that browsers keep");
const start = Date.UTC(2026, 0, 1) / 1000;
const key = (text: string) => parseSessionKeys(text.repeat(32))[0]!;
const [first, second, third] = [key("a"), key("b"), key("c")];
const jar = createCookieJar({ name: "headwind", insecure: false });
const ann = { user: "ann", groups: ["dev"] };

/** Sessions of a replica whose clock and keys can be set. */
function replica({ keys = [first], audience = "oidc" } = {}) {
  const set = { at: start, keys };
  const sessions = createSessions({
    jar,
    keys: async () => set.keys,
    audience,
    now: () => new Date(set.at * 1000),
  });
  return { set, sessions };
}

async function signedIn(of = replica(), holder: Holder = ann, until?: number) {
  const browser = browserOf();
  browser.take(await of.sessions.begin(holder, browser.headers(), until));
  return { of: of.set, sessions: of.sessions, browser, read: () => of.sessions.read(browser.headers()) };
}

s("who signed in is known by the cookie alone, and nothing of it can be read", async () => {
  const { read, browser } = await signedIn();
  assert.equal((await read())?.holder, ann);
  const [cookie] = browser.cookies.values();
  assert.not.match(cookie!, /ann|YW5u|dev/);
  assert.is(atob(cookie!.slice(2).split(".")[0]!), '{"alg":"dir","enc":"A256GCM"}');
});

s("a token is kept in it whole, and it ends no later than the token", async () => {
  const { read, of } = await signedIn(replica(), { token: "abc.def" }, start + 600);
  assert.equal(await read(), { holder: { token: "abc.def" }, begun: start, ends: start + 600, last: start + 600 });
  of.at += 600;
  assert.is(await read(), undefined);
});

s("one that is not used for an hour ends; one that is used does not, before twelve hours", async () => {
  const { read, of, sessions, browser } = await signedIn();
  of.at += IDLE_SECONDS - 1;
  assert.ok(await read());
  of.at += 1;
  assert.is(await read(), undefined);
  of.at = start;
  for (; of.at < start + LONGEST_SECONDS; of.at += 1800) {
    const session = await read();
    assert.ok(session, `after ${of.at - start} s`);
    browser.take(await sessions.goOn(session, browser.headers()));
  }
  assert.is(await read(), undefined);
});

s("one that was sealed a moment ago is not sealed anew", async () => {
  const { read, of, sessions, browser } = await signedIn();
  of.at += 299;
  assert.equal(await sessions.goOn((await read())!, browser.headers()), []);
  of.at += 1;
  assert.is((await sessions.goOn((await read())!, browser.headers())).length, 1);
});

s("any replica with the same keys takes it", async () => {
  const { browser } = await signedIn();
  assert.equal((await replica().sessions.read(browser.headers()))?.holder, ann);
});

s("a key is replaced while people are signed in: two are taken, and the one that is gone is not", async () => {
  const { read, of, sessions, browser } = await signedIn();
  of.keys = [second, first];
  const session = await read();
  assert.equal(session?.holder, ann);
  of.at += 600;
  browser.take(await sessions.goOn(session!, browser.headers()));
  of.keys = [third, second];
  assert.equal((await read())?.holder, ann, "what goes on is sealed by the first key");
  of.keys = [third];
  assert.is(await read(), undefined);
});

s("one of another key, of another way to prove oneself, or changed by one character is none", async () => {
  const { browser } = await signedIn();
  assert.is(await replica({ keys: [second] }).sessions.read(browser.headers()), undefined);
  assert.is(await replica({ audience: "token" }).sessions.read(browser.headers()), undefined);
  const [[name, value]] = [...browser.cookies] as [[string, string]];
  for (const at of [2, 20, 45, Math.floor(value.length / 2), value.length - 3]) {
    const changed = value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
    const headers = new Headers({ cookie: `${name}=${changed}` });
    assert.is(await replica().sessions.read(headers), undefined, `at ${at}`);
  }
  for (const text of ["1.", "1.abc", "1.a.b.c.d.e", "1.....", `1.${"x".repeat(3000)}`]) {
    assert.is(await replica().sessions.read(new Headers({ cookie: `${name}=${text}` })), undefined, text);
  }
});

s("it is refused where no browser would keep it", async () => {
  const { sessions } = replica();
  const groups = Array.from({ length: 1000 }, (_, at) => `a-group-of-many-${at}`);
  const error = await sessions.begin({ user: "ann", groups }, new Headers()).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  assert.instance(error, TooLarge);
});

s("signing out has the browser forget all of it", async () => {
  const { sessions, browser } = await signedIn(replica(), { token: "x".repeat(5000) });
  assert.is(browser.cookies.size, 3);
  browser.take(sessions.end(browser.headers()));
  assert.is(browser.cookies.size, 0);
});

s.run();
