/// <reference lib="dom" />
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import { type DashboardAlone, openAlone } from "./one_process.ts";
import { BadRequest } from "../../core/server/http_errors.ts";
import type { Decided, DecisionWish } from "../../core/server/decide_update.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { requestOf } from "../support/build/update_request.ts";
import { suite } from "uvu";

const s = suite("lists of the dashboard in a browser");
let alone: DashboardAlone;

const requests = Array.from({ length: 30 }, (_, at) =>
  requestOf({
    name: `r${at}`,
    namespace: at % 2 === 0 ? "shop" : "bank",
    target: `app-${at}`,
    at: new Date(Date.UTC(2026, 0, 1, 9, at)).toISOString(),
    phase: "Pending",
    reason: "WaitingForApproval",
    message: "waits for approval",
    requireApproval: true,
  }));

const decided: string[] = [];

/** Writes what is decided, but for one that somebody else was quicker on. */
async function decide(_caller: unknown, wish: DecisionWish): Promise<Decided> {
  if (wish.name === "r21") throw new BadRequest("shop/r21: it was approved by bob", undefined, 409);
  decided.push(`${wish.approved ? "approve" : "reject"} ${wish.name} ${wish.reason ?? ""}`.trim());
  const before = alone.context.requests.get(`${wish.namespace}/${wish.name}`)!;
  const request: UpdateRequest = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: "50" },
    spec: { ...before.spec, decision: { approved: wish.approved, by: "ann" } },
    status: { phase: "Approved", reason: "Approved", message: "approved by ann, to be applied" },
  };
  alone.context.change(request);
  return { request, by: "ann" };
}

s.before(async () =>
  void (alone = await openAlone({ requests, env: { HEADWIND_APPROVALS: "open" }, actions: { decide } }))
);
s.after(() => alone.stop());

const rows = (page: Page) => page.locator("#updates-table tbody tr");
const search = (page: Page) => page.getByRole("searchbox");

s(
  "what is typed narrows the list down, and stands in the address; the field keeps the focus and what is typed",
  async () => {
    const { open } = await alone.visit();
    const page = await open("/updates");
    await search(page).pressSequentially("app-1", { delay: 20 });
    await page.waitForURL(/\?search=app-1$/);
    assert.is(await rows(page).count(), 11);
    await search(page).pressSequentially("7");
    await page.waitForURL(/\?search=app-17$/);
    assert.is(await rows(page).count(), 1);
    assert.is(await search(page).inputValue(), "app-17");
    assert.ok(await search(page).evaluate((field) => field === document.activeElement));
  },
);

s("a filter joins what is searched, and what is left empty does not come into the address", async () => {
  const { open } = await alone.visit();
  const page = await open("/updates?search=app-2");
  await page.getByLabel("Namespace").selectOption("shop");
  await page.waitForURL(/\?search=app-2&namespace=shop$/);
  assert.is(await rows(page).count(), 6);
  assert.match(await page.getByLabel("Namespace").locator("option:checked").textContent() ?? "", "shop (6)");
  await page.getByRole("link", { name: "Show all" }).click();
  await page.waitForURL(/\/updates$/);
  assert.is(await search(page).inputValue(), "");
});

s("a shared address and the way back show the same list", async () => {
  const { open } = await alone.visit();
  const page = await open("/updates?namespace=bank&sort=seen");
  const first = await rows(page).first().textContent();
  await rows(page).first().getByRole("link").click();
  await page.waitForURL(/\/updates\/bank\//);
  await page.goBack();
  await page.waitForURL(/\/updates\?namespace=bank&sort=seen$/);
  assert.is(await rows(page).first().textContent(), first);
  assert.is(await page.getByLabel("Namespace").inputValue(), "bank");
});

s("the head of a column sorts, and again the other way round", async () => {
  const { open } = await alone.visit();
  const page = await open("/updates");
  const head = page.getByRole("columnheader", { name: "Seen" });
  await head.getByRole("link").click();
  await page.waitForURL(/sort=-seen$/);
  assert.is(await head.getAttribute("aria-sort"), "descending");
  await head.getByRole("link").click();
  await page.waitForURL(/sort=seen$/);
  assert.is(await head.getAttribute("aria-sort"), "ascending");
});

s("the buttons say on how many they decide", async () => {
  const { open } = await alone.visit();
  const page = await open("/updates");
  const approve = page.locator('button[value="approve"]');
  assert.ok(await approve.isDisabled());
  assert.is(await approve.textContent(), "Approve those ticked");
  await rows(page).nth(0).getByRole("checkbox").check();
  await rows(page).nth(1).getByRole("checkbox").check();
  assert.is(await approve.textContent(), "Approve 2");
  await page.getByLabel("All shown").check();
  assert.is(await approve.textContent(), "Approve 20");
  await page.getByLabel("All shown").uncheck();
  assert.ok(await approve.isDisabled());
});

s("without JavaScript the list is narrowed down by a button", async () => {
  const { open } = await alone.visit({ javaScriptEnabled: false });
  const page = await open("/updates");
  await search(page).fill("app-17");
  await page.getByRole("button", { name: "Show" }).click();
  assert.is(await rows(page).count(), 1);
  assert.ok(await page.locator('button[value="approve"]').isEnabled());
});

s("what is searched, ticked, and typed as a comment survives that somebody else decides", async () => {
  const { open } = await alone.visit();
  const page = await open("/updates");
  await search(page).pressSequentially("app-1", { delay: 20 });
  await page.waitForURL(/\?search=app-1$/);
  const row = (name: string) => page.locator(`#updates-table tbody tr:has(a:text-is("deployment/${name}"))`);
  await row("app-11").getByRole("checkbox").check();
  await row("app-12").getByRole("checkbox").check();
  const comment = page.getByLabel("Comment");
  await comment.fill("checked by hand");
  await comment.focus();
  await page.waitForLoadState("networkidle").catch(() => {});

  const decided = requests.find(({ metadata }) => metadata.name === "r12")!;
  alone.context.change({
    ...decided,
    metadata: { ...decided.metadata, resourceVersion: "99" },
    spec: { ...decided.spec, decision: { approved: true, by: "bob", via: "dashboard" } },
    status: { phase: "Approved", reason: "Approved", message: "approved by bob, to be applied" },
  });
  await row("app-12").getByText("approved by bob", { exact: true }).waitFor();
  assert.is(await row("app-12").getByRole("checkbox").count(), 0, "there is nothing more to decide on it");
  assert.ok(await row("app-11").getByRole("checkbox").isChecked());
  assert.is(await page.locator('button[value="approve"]').textContent(), "Approve 1");
  assert.is(await comment.inputValue(), "checked by hand");
  assert.ok(await comment.evaluate((field) => field === document.activeElement));
  assert.is(await rows(page).count(), 11, "the list is still narrowed down");
});

for (const refreshes of [true, false]) {
  s(`many are decided on at once, and each has its line, ${refreshes ? "live" : "without a stream"}`, async () => {
    decided.length = 0;
    const [one, other] = refreshes ? ["22", "23"] : ["24", "25"];
    const visitor = await alone.visit({ expected: [/Failed to load resource/] });
    if (!refreshes) await visitor.context.route("**/live?*", (route) => route.abort());
    const page = await visitor.open("/updates?search=app-2");
    if (!refreshes) await page.evaluate(() => document.querySelector("[data-live]")!.remove());
    const row = (number: string) => page.locator(`#updates-table tbody tr:has(a:text-is("deployment/app-${number}"))`);
    for (const number of [one!, other!, "21"]) await row(number).getByRole("checkbox").check();
    await page.getByLabel("Comment").fill("all checked");
    await page.locator('button[value="approve"]').click();
    await page.locator("#notice").getByText("Approved 2 of 3").waitFor();
    assert.equal(decided.toSorted(), [`approve r${one} all checked`, `approve r${other} all checked`]);
    assert.match(await page.locator("#notice li").first().innerText(), /r21 not done: .*approved by bob/);
    await row(one!).getByText("approved by ann", { exact: true }).waitFor();
    assert.is(await row(one!).getByRole("checkbox").count(), 0);
    assert.ok(await page.locator("#notice").evaluate((notice) => notice === document.activeElement));
    assert.is(await page.getByLabel("Comment").inputValue(), "");
    assert.ok(await page.locator('button[value="approve"]').isDisabled());
  });
}

s.run();
