/// <reference lib="dom" />
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import { type OpenidProvider, startOpenidProvider } from "../support/openid_provider.ts";
import { textOf } from "./dashboard.ts";
import { look } from "./looks.ts";
import { browserSuite } from "./suite.ts";
import { offer, pathOf } from "./world.ts";

let provider: OpenidProvider;

const { test, after, run } = browserSuite("signing in at an OpenID provider", {
  name: "sign-in",
  async env([url], dir) {
    provider = await startOpenidProvider({
      redirectUris: [`${url}/login/callback`],
      people: { dora: ["deciders"], leo: ["readers"] },
    });
    const secret = join(dir, "client-secret");
    await writeFile(secret, provider.clientSecret);
    return {
      HEADWIND_UI_AUTH_MODE: "oidc",
      HEADWIND_UI_URL: url,
      HEADWIND_OIDC_ISSUER: provider.url,
      HEADWIND_OIDC_PREFIX: "corp:",
      HEADWIND_UI_OIDC_CLIENT_ID: provider.clientId,
      HEADWIND_UI_OIDC_CLIENT_SECRET_FILE: secret,
    };
  },
});
after(() => provider.stop());

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: /^Sign in at/ }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("one is led there and back to the page that one wanted, and decides by the rights of one's groups", async (dashboard) => {
  const { cluster, ns } = dashboard;
  for (const [role, group] of [["headwind-approver", "deciders"], ["view", "readers"]] as const) {
    await cluster.kubectl([
      ...["create", "rolebinding", `of-${group}`, "-n", ns.namespace],
      ...[`--clusterrole=${role}`, `--group=corp:${group}`],
    ]);
  }
  const update = await offer(dashboard, "wanted");
  const others = [new URL(provider.url).host];
  const dora = await dashboard.as("nobody", { hosts: others });
  const page = await dora.open(pathOf(update));
  assert.match(await textOf(page, "h1"), "Sign in");
  assert.equal(await look(page, "sign-in-oidc"), []);
  await signIn(page, "dora");
  await page.waitForURL(`**${pathOf(update)}`);
  assert.match(await textOf(page, "header"), /\bdora\b/);

  const cookies = await dora.context.cookies();
  const own = cookies.filter(({ name }) => name.includes("headwind"));
  assert.ok(own.length > 0);
  for (const { name, httpOnly, secure, sameSite, value } of own) {
    assert.ok(name.startsWith("__Host-"), name);
    assert.equal([httpOnly, secure], [true, true]);
    assert.ok(sameSite === "Lax" || sameSite === "Strict");
    assert.not.match(value, /dora|deciders/);
  }
  assert.is(await page.evaluate(() => document.cookie), "");

  const leo = await dashboard.as("nobody", { hosts: others });
  const read = await leo.open(pathOf(update));
  await signIn(read, "leo");
  await read.waitForURL(`**${pathOf(update)}`);
  assert.is(await read.getByRole("button", { name: /Approve|Reject/ }).count(), 0);

  // the other replica knows the session
  const there = await page.goto(new URL(pathOf(update), dashboard.operators[1].ui).href);
  assert.is(there?.status(), 200);
  assert.match(await textOf(page, "footer"), "replica-1");
});

test("who is let in by nobody is told so", async (dashboard) => {
  const stranger = await dashboard.as("nobody", {
    hosts: [new URL(provider.url).host],
    expected: [/status of 40[0-9]/],
  });
  const page = await stranger.open("/");
  await signIn(page, "mallory");
  await page.waitForURL("**/login/callback*");
  assert.match(await textOf(page), /sign/i);
  assert.equal(await look(page, "sign-in-refused"), []);
});

test("signing out ends it", async (dashboard) => {
  const dora = await dashboard.as("nobody", { hosts: [new URL(provider.url).host] });
  const page = await dora.open("/updates");
  await signIn(page, "dora");
  await page.waitForURL("**/updates");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in again" }).waitFor();
  await page.goto(new URL("/updates", page.url()).href);
  assert.match(await textOf(page, "h1"), "Sign in");
});

run();
