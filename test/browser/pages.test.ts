/// <reference lib="dom" />
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import { textOf } from "./dashboard.ts";
import { look } from "./looks.ts";
import { browserSuite } from "./suite.ts";
import { makeStates, offer, pathOf, type State, STATES } from "./world.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";

const { test, run } = browserSuite("pages of the dashboard", { name: "pages" });

/** Of the lines of a list, in their order. */
const namesIn = async (page: Page) =>
  (await page.locator("#updates [data-row] th").allInnerTexts()).map((text) => /deployment\/(\S+)/.exec(text)?.[1]);

let updates: Record<State, UpdateRequest>;

test("nothing waits", async (dashboard) => {
  const ann = await dashboard.as("ann");
  assert.equal(await look(await ann.open("/"), "overview-empty"), []);
  assert.equal(await look(await ann.open("/updates"), "updates-empty"), []);
});

test("one update waits", async (dashboard) => {
  const one = await offer(dashboard, "one");
  const ann = await dashboard.as("ann");
  const wrong: string[] = [];
  for (const [name, path] of [["overview", "/"], ["updates", "/updates"], ["update", pathOf(one)]] as const) {
    wrong.push(...await look(await ann.open(path), `${name}-one`));
  }
  assert.equal(wrong, []);
});

test("updates in each of their states", async (dashboard) => {
  updates = await makeStates(dashboard);
  const ann = await dashboard.as("ann");
  const wrong = await look(await ann.open("/"), "overview-many");
  for (const state of STATES) wrong.push(...await look(await ann.open(pathOf(updates[state])), `update-${state}`));
  assert.equal(wrong, []);
});

test("a list of several pages: searched, filtered, sorted, by an address that can be shared", async (dashboard) => {
  await Promise.all(Array.from({ length: 24 }, (_, index) => offer(dashboard, `many-${index}`)));
  const ann = await dashboard.as("ann");
  const page = await ann.open("/updates");
  assert.equal(await look(page, "updates-many"), []);
  const first = await namesIn(page);
  assert.is(first.length, 20);

  await page.getByRole("link", { name: "Next" }).click();
  await page.waitForURL("**/updates?page=2");
  const second = await namesIn(page);
  assert.is(second.filter((name) => first.includes(name)).length, 0);
  await page.goBack();
  await page.waitForURL("**/updates");
  assert.equal(await namesIn(page), first);

  await page.getByRole("searchbox").pressSequentially("rolled");
  await page.waitForURL("**/updates?search=rolled");
  await page.locator("#updates [data-row]").nth(1).waitFor();
  assert.equal([...new Set(await namesIn(page))], ["rolled-back"]);
  assert.is(await page.evaluate(() => document.activeElement?.id), "filter-search");

  const bob = await dashboard.as("bob");
  const shared = await bob.open(new URL(page.url()).pathname + new URL(page.url()).search);
  assert.equal(await namesIn(shared), await namesIn(page));
  assert.is(await shared.getByRole("searchbox").inputValue(), "rolled");

  await page.goto(new URL("/updates", page.url()).href);
  await page.locator("#filter-phase").selectOption("Rejected");
  await page.waitForURL("**/updates?phase=Rejected");
  assert.equal(await namesIn(page), ["rejected"]);

  await page.goto(new URL("/updates?namespace=nowhere", page.url()).href);
  assert.match(await textOf(page), "There is no update in namespace nowhere");
  await page.goto(new URL("/updates?search=many", page.url()).href);
  await page.getByRole("columnheader", { name: "Workload" }).getByRole("link").click();
  await page.waitForURL("**/updates?*sort=workload*");
  const sorted = await namesIn(page);
  assert.equal(sorted, [...sorted].sort());
});

test("an address that says what cannot be is answered in words", async (dashboard) => {
  const ann = await dashboard.as("ann", { expected: [/status of 40[034]/] });
  const page = await ann.open("/updates?page=0");
  assert.match(await textOf(page), "page");
  assert.equal(await look(page, "error-query"), []);
  assert.equal(await look(await ann.open("/updates/nowhere/nothing"), "error-missing"), []);
  for (const query of ["page=1000000000", "page=x", "sort=colour", "phase=Thinking", `search=${"x".repeat(300)}`]) {
    const answer = await page.goto(new URL(`/updates?${query}`, page.url()).href);
    assert.ok([200, 400].includes(answer!.status()), `${query}: ${answer!.status()}`);
    assert.ok((await textOf(page)).length > 20, query);
  }
});

test("who may only look sees no button, and why", async (dashboard) => {
  const vic = await dashboard.as("vic");
  const page = await vic.open(pathOf(updates.waits));
  assert.is(await page.locator("main button, main input[type=checkbox]").count(), 0);
  assert.match(await textOf(page), "It waits for somebody who may approve it");
  assert.equal(await look(page, "update-no-rights"), []);
  const list = await vic.open("/updates");
  assert.is(await list.locator("#updates input[type=checkbox], [data-action]").count(), 0);
  assert.equal(await look(await vic.open("/"), "overview-no-rights"), []);
});

test("without JavaScript there is all to read, and nothing that does nothing", async (dashboard) => {
  const ann = await dashboard.as("ann", { javaScriptEnabled: false });
  const page = await ann.open("/updates");
  assert.is((await namesIn(page)).length, 20);
  await page.getByRole("searchbox").fill("rejected");
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL("**/updates?search=rejected*");
  assert.equal(await namesIn(page), ["rejected"]);
  await page.locator("#updates [data-row] a").first().click();
  await page.waitForURL(`**${pathOf(updates.rejected)}`);
  assert.match(await textOf(page), "logins fail on staging");
});

test("a token that is pasted makes a session, and a wrong one is told", async (dashboard) => {
  const nobody = await dashboard.as("nobody", { expected: [/status of 40[0-9]/] });
  const page = await nobody.open("/updates?search=many");
  assert.match(await textOf(page, "h1"), "Sign in");
  assert.equal(await look(page, "sign-in-token"), []);
  const field = page.getByLabel("Token of the cluster");
  await field.fill("not-a-token");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").or(page.locator("#notice")).first().waitFor();
  assert.equal(await look(page, "sign-in-token-wrong"), []);
  await field.fill(dashboard.people.ann.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/updates?search=many");
  assert.match(await textOf(page, "header"), dashboard.people.ann.user);
});

test("by keys alone", async (dashboard) => {
  const ann = await dashboard.as("ann");
  const page = await ann.open("/");
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await page.waitForURL("**/updates");
  await page.keyboard.press("/");
  assert.is(await focused(), "filter-search");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await page.locator("body").click({ position: { x: 2, y: 300 } });
  const row = () => page.evaluate(() => document.activeElement?.closest("[data-row]")?.id);
  await page.keyboard.press("j");
  const one = await row();
  await page.keyboard.press("j");
  assert.ok(one !== undefined && await row() !== one);
  await page.keyboard.press("k");
  assert.is(await row(), one);

  await page.goto(new URL(pathOf(updates.waits), page.url()).href);
  await page.keyboard.press("r");
  assert.is(await focused(), "reject");
  await page.keyboard.press("a");
  assert.is(await focused(), "approve");

  await page.keyboard.press("?");
  const sheet = page.locator("#keys");
  await sheet.waitFor();
  assert.equal(await look(page, "keys"), []);
  await page.locator("#keys-on").uncheck();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  await page.keyboard.press("r");
  assert.is.not(await focused(), "reject");
  await page.reload();
  await page.keyboard.press("a");
  assert.is.not(await focused(), "approve");
});

run();
