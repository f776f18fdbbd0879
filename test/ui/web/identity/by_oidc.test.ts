import * as assert from "uvu/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { suite } from "uvu";
import { type OpenidProvider, startOpenidProvider } from "../../../support/openid_provider.ts";
import { browserOf } from "./browser.ts";
import { type Opened, opened, type OpenedOptions } from "./opened.ts";

const s = suite("who asks, by signing in at an OpenID provider");
const url = "http://localhost:8082";
const many = Array.from({ length: 900 }, (_, at) => `a-group-of-many-${at}`);
const people = { ann: ["dev", "ops", "team-a"], bob: [], max: many };
let provider: OpenidProvider;
let dir: string;

s.before(async () => {
  provider = await startOpenidProvider({ redirectUris: [`${url}/login/callback`], people });
  dir = await mkdtemp(join(tmpdir(), "headwind-oidc-"));
  await writeFile(join(dir, "keys"), "k".repeat(32));
  await writeFile(join(dir, "secret"), `${provider.clientSecret}\n`);
});
s.after(async () => {
  await provider.stop();
  await rm(dir, { recursive: true });
});

const open = ({ env = {}, ...options }: OpenedOptions = {}): Promise<Opened> =>
  opened({
    ...options,
    env: {
      HEADWIND_UI_AUTH_MODE: "oidc",
      HEADWIND_UI_URL: url,
      HEADWIND_OIDC_ISSUER: provider.url,
      HEADWIND_UI_OIDC_CLIENT_ID: provider.clientId,
      HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: join(dir, "secret"),
      HEADWIND_UI_OIDC_SCOPES: "openid profile email groups",
      HEADWIND_UI_SESSION_KEYS_FILE: join(dir, "keys"),
      ...env,
    },
  });

/** Follows a browser through the provider's pages until it leads back; gives where to. */
async function through(address: string, name: string, signedIn = browserOf()): Promise<string> {
  let at = new URL(address);
  for (let steps = 0; steps < 10; steps++) {
    const isForm = at.pathname.startsWith("/interaction/");
    const form = isForm ? { method: "POST", body: new URLSearchParams({ name }) } : {};
    const response = await fetch(at, { ...form, headers: signedIn.headers(), redirect: "manual" });
    await response.text();
    signedIn.take(response);
    at = new URL(response.headers.get("location") ?? assert.unreachable(`${response.status} of ${at}`)!, at);
    if (at.origin === url) return at.pathname + at.search;
  }
  throw new Error("it leads round and round");
}

async function begin({ get }: Opened, next = "/"): Promise<string> {
  const answer = await get(`/login/start?next=${encodeURIComponent(next)}`);
  assert.is(answer.status, 303);
  return answer.headers.get("location")!;
}

async function signIn(dashboard: Opened, name: string, next = "/"): Promise<Response> {
  return await dashboard.get(await through(await begin(dashboard, next), name));
}

s("from a page to the provider and back to it, with name and groups", async () => {
  const dashboard = await open();
  const { get, browser } = dashboard;
  const led = await get("/updates?phase=Pending");
  assert.is(led.headers.get("location"), "/login?next=%2Fupdates%3Fphase%3DPending");
  const page = await (await get(led.headers.get("location")!)).text();
  assert.match(page, 'href="/login/start?next=%2Fupdates%3Fphase%3DPending"');
  const back = await signIn(dashboard, "ann", "/updates?phase=Pending");
  assert.equal([back.status, back.headers.get("location")], [303, "/updates?phase=Pending"]);
  assert.equal([...browser.cookies.keys()], ["__Host-headwind"], "nothing of signing in is left");
  assert.match(await (await get("/")).text(), "ann@example.com");
});

s("what is asked is by PKCE, state and nonce, each time another", async () => {
  const dashboard = await open();
  const [one, other] = [new URL(await begin(dashboard)), new URL(await begin(dashboard))];
  const asked = Object.fromEntries(one.searchParams);
  assert.equal([asked.response_type, asked.code_challenge_method], ["code", "S256"]);
  assert.is(asked.redirect_uri, `${url}/login/callback`);
  for (const name of ["state", "nonce", "code_challenge"]) {
    assert.ok(asked[name]!.length >= 43, name);
    assert.is.not(other.searchParams.get(name), asked[name]);
  }
});

s("their rights are asked for by name and groups, with the prefix of the settings", async () => {
  const subjects: unknown[] = [];
  const dashboard = await open({
    env: { HEADWIND_OIDC_PREFIX: "oidc:", HEADWIND_UI_OIDC_GROUPS: "d*, team-a" },
    change: (context) => ({
      ...context,
      callers: { ...context.callers, vouch: (subject) => (subjects.push(subject), context.callers.vouch(subject)) },
    }),
  });
  await signIn(dashboard, "ann");
  await dashboard.get("/");
  assert.equal(subjects.at(-1), {
    user: "oidc:ann@example.com",
    groups: ["oidc:dev", "oidc:team-a", "system:authenticated"],
  });
});

s("another replica takes the session, but not one that has people sign in elsewhere", async () => {
  const dashboard = await open();
  await signIn(dashboard, "bob");
  const cookie = dashboard.browser.headers().get("cookie")!;
  assert.is((await (await open()).get("/", { cookie })).status, 200);
  for (
    const [name, value] of [["HEADWIND_UI_OIDC_CLIENT_ID", "another"], ["HEADWIND_OIDC_ISSUER", "https://b.example"]]
  ) {
    assert.is((await (await open({ env: { [name!]: value! } })).get("/", { cookie })).status, 303, name);
  }
});

s("begun at one replica, ended at another; and in two tabs at the same time", async () => {
  const [one, other] = [await open(), await open()];
  const addresses = [await begin(one, "/updates"), await begin(one, "/workloads")];
  for (const [name, value] of one.browser.cookies) other.browser.cookies.set(name, value);
  const second = await other.get(await through(addresses[1]!, "ann"));
  assert.is(second.headers.get("location"), "/workloads");
  const first = await one.get(await through(addresses[0]!, "ann"));
  assert.is(first.headers.get("location"), "/updates");
});

s("who is not known there is told what the provider says", async () => {
  const dashboard = await open();
  const refused = await signIn(dashboard, "<b>eve</b>", "/updates");
  assert.is(refused.status, 401);
  const text = await refused.text();
  assert.match(text, "access_denied: &lt;b&gt;eve&lt;/b&gt; is not known here");
  assert.match(text, 'href="/login/start?next=%2Fupdates"');
  assert.is((await dashboard.get("/")).status, 303);
});

s("coming back without having gone, with another's state, or twice, signs nobody in", async () => {
  const dashboard = await open();
  assert.is((await dashboard.get("/login/callback?code=a&state=b")).status, 400);
  const path = await through(await begin(dashboard), "ann");
  const stranger = await open();
  assert.is((await stranger.get(path)).status, 400, "in another browser");
  const other = path.replace(/state=[^&]*/, "state=other");
  assert.is((await dashboard.get(other)).status, 400);
  const cookies = new Map(dashboard.browser.cookies);
  assert.is((await dashboard.get(path)).status, 303);
  dashboard.browser.cookies.clear();
  for (const [name, value] of cookies) dashboard.browser.cookies.set(name, value);
  const again = await dashboard.get(path);
  assert.is(again.status, 401, "a code counts once");
  assert.match(await again.text(), "invalid_grant");
});

s("of more groups than a session can hold it is told which setting chooses among them", async () => {
  const dashboard = await open();
  const refused = await signIn(dashboard, "max");
  assert.is(refused.status, 403);
  assert.match(await refused.text(), "HEADWIND_UI_OIDC_GROUPS");
  const few = await open({ env: { HEADWIND_UI_OIDC_GROUPS: "a-group-of-many-1*" } });
  assert.is((await signIn(few, "max")).status, 303);
});

s("a wrong secret is the provider's word, and a provider that is away is no fault of the person", async () => {
  await writeFile(join(dir, "wrong"), "another-secret");
  const wrong = await open({ env: { HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: join(dir, "wrong") } });
  const refused = await signIn(wrong, "ann");
  assert.is(refused.status, 401);
  assert.match(await refused.text(), "invalid_client");
  const away = await open({ env: { HEADWIND_OIDC_ISSUER: "http://127.0.0.1:1" } });
  assert.is((await away.get("/login")).status, 200);
  const answer = await away.get("/login/start");
  assert.is(answer.status, 503);
  assert.ok(answer.headers.get("retry-after"));
});

s("signing out forgets the session here, and says that the provider may not", async () => {
  const dashboard = await open();
  await signIn(dashboard, "ann");
  await dashboard.post("/logout", {});
  assert.is(dashboard.browser.cookies.size, 0);
  assert.match(await (await dashboard.get("/logout")).text(), "may know you still");
});

s("neither a token, nor the secret, nor a code is in the log or in the session", async () => {
  const dashboard = await open();
  const path = await through(await begin(dashboard), "ann");
  await dashboard.get(path);
  await dashboard.get(path);
  const told = JSON.stringify(dashboard.context.lines);
  const code = new URL(path, url).searchParams.get("code")!;
  for (const secret of [code, provider.clientSecret, "eyJ"]) assert.not.match(told, secret);
  const [cookie] = dashboard.browser.cookies.values();
  assert.ok(cookie!.length < 600, `a name and three groups: ${cookie!.length}`);
});

s.run();
