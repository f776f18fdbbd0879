import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { suite } from "uvu";
import { HOSTILE, HOSTILE_MARKUP } from "../../../support/hostile_strings.ts";
import { opened, type OpenedOptions } from "./opened.ts";

const s = suite("who asks, by a token of the cluster");
const ann = "system:serviceaccount:shop:ann";
const jwt = (claims: unknown) => `e30.${btoa(JSON.stringify(claims)).replace(/=+$/, "")}.c2ln`;
const now = Date.UTC(2026, 10, 30, 12) / 1000;
const token = jwt({ exp: now + 1800 });
let dir: string;
let file: string;

s.before(async () => {
  dir = await mkdtemp(join(tmpdir(), "headwind-keys-"));
  file = join(dir, "keys");
});
s.before.each(() => writeFile(file, "k".repeat(32)));
s.after(() => rm(dir, { recursive: true }));

const keyed = () => ({ HEADWIND_UI_SESSION_KEYS_FILE: file });
const open = ({ env = keyed(), ...options }: OpenedOptions = {}) =>
  opened({
    tokens: new Map([[token, ann], ["opaque", ann]]),
    ...options,
    env: { HEADWIND_UI_AUTH_MODE: "token", ...env },
  });

s("with curl, as the Rust Headwind took it", async () => {
  const { get } = await open();
  const answer = await get("/", { authorization: `Bearer ${token}` });
  assert.is(answer.status, 200);
  assert.match(await answer.text(), ann);
  assert.equal(answer.headers.getSetCookie(), []);
  for (const wrong of ["Bearer other", "Bearer a b", "Bearer"]) {
    const refused = await get("/", { authorization: wrong });
    assert.is(refused.status, 401, wrong);
    assert.is(refused.headers.get("www-authenticate"), 'Bearer realm="headwind"');
  }
});

s("a page leads to where one signs in, and from there back to it", async () => {
  const { get, post, browser } = await open();
  const led = await get("/updates?phase=Pending");
  assert.is(led.status, 303);
  const login = led.headers.get("location")!;
  assert.is(login, "/login?next=%2Fupdates%3Fphase%3DPending");
  const form = await (await get(login)).text();
  assert.match(form, 'name="next" value="/updates?phase=Pending"');
  assert.not.match(form, "<nav");
  const done = await post("/login", { token, next: "/updates?phase=Pending" });
  assert.equal([done.status, done.headers.get("location")], [303, "/updates?phase=Pending"]);
  assert.equal([...browser.cookies.keys()], ["__Host-headwind"]);
  const page = await get("/");
  assert.is(page.status, 200);
  assert.match(await page.text(), /action="\/logout"/);
});

s("as it is copied from a terminal", async () => {
  for (const pasted of [`  ${token}\n`, `Bearer ${token}`, `bearer\t${token.slice(0, 20)}\r\n ${token.slice(20)}`]) {
    const { post } = await open();
    assert.is((await post("/login", { token: pasted })).status, 303);
  }
});

s("what is no token, or none that the cluster knows, is told where it was typed, and is not shown again", async () => {
  const { post, browser } = await open();
  for (const [wrong, status] of [["", 400], ["a<b", 400], ["other", 401]] as const) {
    const answer = await post("/login", { token: wrong, next: "/updates" }, {}, `10.0.0.${status % 255}`);
    assert.is(answer.status, status, wrong);
    const text = await answer.text();
    assert.match(text, 'role="alert"');
    assert.match(text, 'value="/updates"');
    if (wrong !== "") assert.not.match(text, `value="${wrong}"`);
  }
  assert.is(browser.cookies.size, 0);
});

s("hostile words in place of a token, or of where to go on", async () => {
  const { post } = await open();
  let from = 0;
  for (const [name, text] of Object.entries(HOSTILE)) {
    const answer = await post("/login", { token: text, next: text }, {}, `10.0.1.${from++}`);
    assert.ok([400, 401, 413].includes(answer.status), `${name} ${answer.status}`);
    assert.not.match(await answer.text(), HOSTILE_MARKUP, name);
  }
});

s("the session ends with the token, and what is done with it in between is done by its holder", async () => {
  let at = now;
  const options: OpenedOptions = { change: (context) => ({ ...context, now: () => new Date(at * 1000) }) };
  const { get, post } = await open(options);
  await post("/login", { token });
  assert.is((await get("/")).status, 200);
  at += 1799;
  assert.is((await get("/")).status, 200);
  at += 1;
  const ended = await get("/");
  assert.is(ended.status, 303);
});

s("a token that the cluster takes no more ends its session, and the browser forgets it", async () => {
  const tokens = new Map([["opaque", ann]]);
  const { get, post, browser, asked } = await open({ tokens });
  await post("/login", { token: "opaque" });
  for (let count = 0; count < 5; count++) assert.is((await get("/")).status, 200);
  assert.is(asked.filter((what) => what === "whose token").length, 1, "it is asked about once in a while");
  const again = await open({ tokens: new Map() });
  const cookie = browser.headers().get("cookie")!;
  const ended = await again.get("/", { cookie });
  assert.is(ended.status, 303);
  assert.match(ended.headers.getSetCookie().join(), "__Host-headwind=; ");
});

s("another replica with the same keys takes the session, one with others does not", async () => {
  const one = await open();
  await one.post("/login", { token });
  const cookie = one.browser.headers().get("cookie")!;
  assert.is((await (await open()).get("/", { cookie })).status, 200);
  await writeFile(file, "o".repeat(32));
  assert.is((await (await open()).get("/", { cookie })).status, 303);
  await writeFile(file, `${"o".repeat(32)}\n${"k".repeat(32)}`);
  assert.is((await (await open()).get("/", { cookie })).status, 200, "the key that is replaced opens still");
  assert.is((await (await open({ env: {} })).get("/", { cookie })).status, 303);
});

s("a stream of an ended session is 401, a part of a page has its page led", async () => {
  const { get, post } = await open();
  for (const path of ["/live?view=/", "/live"]) {
    const stream = await get(path, { accept: "text/event-stream", "hx-request": "true" });
    assert.equal([stream.status, stream.headers.get("location"), stream.headers.get("hx-redirect")], [401, null, null]);
  }
  const part = await get("/updates?q=a", {
    "hx-request": "true",
    "hx-current-url": "http://localhost:8082/updates?q=b",
  });
  assert.equal([part.status, part.headers.get("hx-redirect")], [401, "/login?next=%2Fupdates%3Fq%3Db"]);
  const pressed = await post("/updates/a/b/approve", {}, { referer: "http://localhost:8082/updates/a/b" });
  assert.equal([pressed.status, pressed.headers.get("location")], [303, "/login?next=%2Fupdates%2Fa%2Fb"]);
});

s("it is limited how often it is tried", async () => {
  const { post, asked } = await open();
  const statuses = [];
  for (let count = 0; count < 15; count++) statuses.push((await post("/login", { token: "other" })).status);
  assert.equal(statuses.slice(0, 10), Array(10).fill(401));
  assert.equal(statuses.slice(10), Array(5).fill(429));
  assert.is(asked.filter((what) => what === "whose token").length, 10);
  assert.ok(Number((await post("/login", { token })).headers.get("retry-after")) >= 1);
  assert.is((await post("/login", { token }, {}, "10.0.0.2")).status, 303, "another address");
});

s("signing out", async () => {
  const { get, post, browser } = await open();
  await post("/login", { token });
  assert.is((await get("/logout")).status, 200, "a link to it signs nobody out");
  assert.is(browser.cookies.size, 1);
  const out = await post("/logout", {});
  assert.equal([out.status, out.headers.get("location"), browser.cookies.size], [303, "/logout", 0]);
  assert.is((await get("/")).status, 303);
});

s("over plain http where the settings say so", async () => {
  const { post, get, browser } = await open({ env: { HEADWIND_UI_INSECURE_COOKIES: "true" } });
  const done = await post("/login", { token });
  assert.not.match(done.headers.getSetCookie().join(), "Secure");
  assert.equal([...browser.cookies.keys()], ["headwind"]);
  assert.is((await get("/")).status, 200);
});

s("no token is in the log, nor in a page", async () => {
  const { get, post, context } = await open();
  await post("/login", { token });
  const text = await (await get("/")).text();
  for (const told of [text, JSON.stringify(context.lines)]) assert.not.match(told, token);
});

s.run();
