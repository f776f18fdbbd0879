// timeout: 600
/// <reference lib="dom" />
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import { type Dashboard, textOf } from "./dashboard.ts";
import { deployment } from "../e2e/manifests.ts";
import { eventually } from "../e2e/suite.ts";
import { workloadPath } from "../../ui/web/paths.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import { look, picture, screenshots } from "./looks.ts";
import { browserSuite } from "./suite.ts";
import { makeStates, offer, pathOf, type State, STATES } from "./world.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";

const { test, after, run } = browserSuite("pages of the dashboard", { name: "pages" });
after(async () => console.log(`# pictures of pages are in ${screenshots}`));

/** Of the lines of a list, in their order. */
const namesIn = async (page: Page) =>
  (await page.locator("#updates [data-row] th").allInnerTexts()).map((text) => /deployment\/(\S+)/.exec(text)?.[1]);

/** At how many places a column begins in the tables of a page. */
const columnsOf = async (page: Page) =>
  await page.locator("table.updates thead th").evaluateAll((heads) => {
    const places = new Map<string, Set<number>>();
    for (const head of heads) {
      const name = head.textContent!.trim();
      if (!["Namespace", "Change", "Step", "State"].includes(name)) continue;
      places.set(name, (places.get(name) ?? new Set()).add(Math.round(head.getBoundingClientRect().left)));
    }
    return [...places].map(([name, { size }]) => [name, size]);
  });

let updates: Record<State, UpdateRequest>;

/** Pages that have something to show of their own, by their names. */
const OTHERS = {
  workloads: "/workloads",
  registries: "/registries",
  observability: "/observability",
  rights: "/rights",
  settings: "/settings",
};

test("nothing is there yet", async (dashboard) => {
  const ann = await dashboard.as("ann");
  const wrong: string[] = [];
  for (const [name, path] of Object.entries({ overview: "/", updates: "/updates", ...OTHERS })) {
    wrong.push(...await look(await ann.open(path), `${name}-empty`));
  }
  assert.equal(wrong, []);
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
  const overview = await ann.open("/");
  const wrong = await look(overview, "overview-many");
  assert.equal(await columnsOf(overview), ["Namespace", "Change", "Step", "State"].map((name) => [name, 1]));
  for (const state of STATES) {
    const page = await ann.open(pathOf(updates[state]));
    wrong.push(...await look(page, `update-${state}`));
    await page.close();
  }
  for (const name of ["waits", "held", "rolled-back"]) {
    const page = await ann.open(workloadPath(updates[name as State].spec.targetRef));
    wrong.push(...await look(page, `workload-${name}`));
    await page.close();
  }
  wrong.push(...await look(await ann.open("/workloads"), "workloads-many"));
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

test("registries, one of which is not there, and numbers", async (dashboard) => {
  const { fixture, ns } = dashboard;
  const registry = await fixture.registry();
  const repository = `${ns.namespace}/polled`;
  await pushImage(registry.host, repository, "1.0.0");
  const annotations = { "event-source": "polling", "polling-interval": "1" };
  for (const [name, host] of [["polled", registry.host], ["unpolled", "127.0.0.1:9"]] as const) {
    await ns.create(deployment({ name, image: `${host}/${repository}:1.0.0`, annotations }));
  }
  const ann = await dashboard.as("ann", { url: await leader(dashboard) });
  const page = await ann.open("/registries");
  await eventually("both were asked", async () => {
    await page.reload();
    const text = await textOf(page);
    return text.includes(registry.host) && text.includes("127.0.0.1:9") && /fail/i.test(text);
  });
  const wrong = await look(page, "registries-many");
  wrong.push(...await look(await ann.open("/observability"), "observability-many"));
  assert.equal(wrong, []);
});

test("printed, with forced colours, and as wide as a wall", async (dashboard) => {
  const page = await (await dashboard.as("ann")).open("/");
  await page.emulateMedia({ media: "print" });
  await picture(page, "overview-printed");
  assert.is(await page.locator("main button, nav").filter({ visible: true }).count(), 0);
  await page.evaluate(() => void (document.documentElement.dataset.theme = "dark"));
  const printed = await page.locator("main time[title]:not([data-clock])").first().evaluate((time) => ({
    scheme: getComputedStyle(document.documentElement).colorScheme,
    said: getComputedStyle(time, "::after").content,
    exact: `"${time.getAttribute("title")}"`,
  }));
  assert.is(printed.scheme, "light");
  assert.is(printed.said, printed.exact);
  await page.emulateMedia({ media: null, forcedColors: "active" });
  await picture(page, "overview-forced-colours");
  await page.emulateMedia({ forcedColors: null });
  await page.setViewportSize({ width: 3840, height: 2160 });
  await picture(page, "overview-4k");
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
  assert.equal(await look(await vic.open("/rights"), "rights-no-rights"), []);
  const workload = await vic.open(workloadPath(updates.held.spec.targetRef));
  assert.is(await workload.locator("main button").count(), 0);
  assert.equal(await look(workload, "workload-no-rights"), []);
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
  await page.getByRole("alert").waitFor();
  assert.equal(await look(page, "sign-in-token-wrong"), []);
  await field.fill(dashboard.people.ann.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/updates?search=many");
  assert.match(await textOf(page, "header"), /\bann\b/);
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

/** Where the replica has its dashboard that holds the Lease. */
async function leader({ cluster, operators }: Dashboard): Promise<string> {
  const args = ["get", "lease", "headwind", "-n", "headwind-system", "-o", "jsonpath={.spec.holderIdentity}"];
  const holder = await cluster.kubectl(args);
  return operators[holder.startsWith("replica-0") ? 0 : 1].ui;
}

run();
