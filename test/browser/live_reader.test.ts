/// <reference lib="dom" />
// timeout: 300
import * as assert from "uvu/assert";
import type { Browser, Page } from "playwright-core";
import { e2e, eventually, pause } from "../e2e/suite.ts";
import { type RequestChanges, requestOf } from "../support/build/update_request.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { openAlone, stopAll } from "./one_process.ts";
import { launch } from "./visitor.ts";

const s = e2e("what a reader does survives what the stream brings");
let browser: Browser;
s.before(async () => void (browser = await launch()));
s.after(async () => {
  await stopAll();
  await browser.close();
});

const waiting = (name: string, changes: RequestChanges = {}) =>
  requestOf({ name, target: name, requireApproval: true, phase: "Pending", reason: "WaitingForApproval", ...changes });
const decided = (name: string) =>
  waiting(name, { phase: "Approved", decision: { approved: true, by: "bob@example.com", via: "kubectl" } });

async function open(path: string) {
  const alone = await openAlone({ requests: ["one", "two"].map((name) => waiting(name)) }, browser);
  const visitor = await alone.visit();
  const page = await visitor.open(path);
  await eventually("the stream is open", async () => alone.streams.length === 1);
  return {
    ...alone,
    page,
    async end() {
      await alone.stop();
      assert.equal(visitor.problems, []);
    },
  };
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? "");
const row = (name: string) => `#updates [data-row][id$="default.${name}"]`;

s("what is typed and not sent yet, with the place of the cursor, and nothing takes the focus", async () => {
  const { page, context, end } = await open("/updates/default/one");
  const comment = page.locator("#comment");
  await comment.fill("it is fine");
  await comment.press("Home");
  context.change(waiting("one", { message: "something else is said of it now" }));
  await page.locator("main", { hasText: "something else is said" }).waitFor();
  assert.is(await focused(page), "comment");
  assert.is(await comment.inputValue(), "it is fine");
  await page.keyboard.type("I think ");
  assert.is(await comment.inputValue(), "I think it is fine");
  await page.locator("h1").click();
  context.change(waiting("one", { message: "and once more" }));
  await page.locator("main", { hasText: "and once more" }).waitFor();
  assert.is(await comment.inputValue(), "I think it is fine");
  await end();
});

s("trap: what is ticked stays so, though lines come before and go", async () => {
  const { page, context, end } = await open("/updates");
  await page.locator(`${row("two")} input[type=checkbox]`).check();
  context.change(waiting("another"));
  await page.locator(row("another")).waitFor();
  context.remove("default/one");
  await page.locator(row("one")).waitFor({ state: "detached" });
  const ticked = await page.locator("#updates input[type=checkbox]:checked").evaluateAll((boxes) =>
    boxes.map((box) => (box as HTMLInputElement).value)
  );
  assert.equal(ticked, ["default/two"]);
  await end();
});

s("trap: what is opened stays open", async () => {
  const { page, context, end } = await open("/updates/default/one");
  const verified = (message: string): UpdateRequest => {
    const request = waiting("one", { phase: "Verifying", message });
    const rollout = [[0, 3, 0, 0], [4, 2, 1, 1]].map(([after, old, fresh, ready]) => ({
      at: `2026-01-01T11:00:0${after}Z`,
      ...{ old: old!, new: fresh!, ready: ready! },
    }));
    return { ...request, status: { ...request.status!, rollout } };
  };
  context.change(verified("it is looked at"));
  await page.locator("#rollout-picture-numbers").waitFor();
  const folds = page.locator("main section details");
  assert.ok(await folds.count() > 0);
  for (const fold of await folds.all()) await fold.evaluate((element) => (element as HTMLDetailsElement).open = true);
  const opened = await folds.count();
  context.change(verified("something else is said of it now"));
  await page.locator("main", { hasText: "something else is said" }).waitFor();
  assert.is(await page.locator("main section details[open]").count(), opened);
  await end();
});

s("the focus stays on its line, though lines come before it", async () => {
  const { page, context, end } = await open("/updates");
  const box = page.locator(`${row("two")} input[type=checkbox]`);
  await box.focus();
  const id = await focused(page);
  for (const name of ["a1", "a2", "a3"]) {
    context.change(waiting(name));
    await page.locator(row(name)).waitFor();
    assert.is(await focused(page), id);
  }
  await end();
});

s(
  "a line that somebody else decides changes in place, says who, loses its box, and keeps the focus; it is told once",
  async () => {
    const { page, context, end } = await open("/updates");
    const line = page.locator(row("two"));
    const id = await line.getAttribute("id");
    await line.evaluate((element) => (element as HTMLElement & { isSame?: boolean }).isSame = true);
    await line.locator("input[type=checkbox]").focus();
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      const place = document.getElementById("announcements")!;
      new MutationObserver(() => told.push(place.textContent!)).observe(place, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    context.change(decided("two"));
    await page.locator(row("two"), { hasText: "bob@example.com" }).waitFor();
    assert.is(await line.locator("input[type=checkbox], button").count(), 0);
    assert.is(await line.evaluate((element) => (element as HTMLElement & { isSame?: boolean }).isSame), true);
    assert.is(await focused(page), id);
    const told = await page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
    assert.is(told.length, 1, JSON.stringify(told));
    assert.match(told[0]!, /two.*Approved/);
    context.change(waiting("other"));
    await page.locator(row("other")).waitFor();
    assert.is(await focused(page), id);
    await end();
  },
);

s("an update that somebody else decides loses its buttons, and the focus goes to where they were", async () => {
  const { page, context, end } = await open("/updates/default/one");
  await page.locator("#approve").focus();
  context.change(decided("one"));
  await page.locator("#said", { hasText: "bob@example.com" }).waitFor();
  assert.is(await page.locator("#approve, #reject").count(), 0);
  assert.is(await focused(page), "asked");
  await end();
});

s("an update that is gone says so, and stands still", async () => {
  const { page, context, end } = await open("/updates/default/one");
  context.remove("default/one");
  await page.locator("#live-state", { hasText: "there is no UpdateRequest default/one" }).waitFor();
  assert.match(await page.locator("h1").innerText(), "one");
  await end();
});

s("trap: nothing takes the focus by itself", async () => {
  const { page, end } = await open("/updates");
  for (
    const path of ["/", "/updates", "/updates/default/one", "/workloads", "/registries", "/settings", "/observability"]
  ) {
    const text = await (await page.request.get(new URL(path, page.url()).href)).text();
    assert.not.match(text, /\bautofocus\b/, path);
    assert.not.match(text, /\b(?:hx-on|style)[:=]|js:/, path);
  }
  await end();
});

s("trap: back after a filter is the whole page, which moves", async () => {
  const { page, context, streams, end } = await open("/updates");
  await page.locator(`${row("one")} a`).first().click();
  await page.locator("#asked").waitFor();
  await page.goBack();
  await page.locator(row("one")).waitFor();
  await page.getByRole("searchbox").pressSequentially("two");
  await page.locator(row("one")).waitFor({ state: "detached" });
  await page.locator(`${row("two")} a`).first().click();
  await page.locator("#asked").waitFor();
  await page.goBack();
  await page.locator(row("two")).waitFor();
  await pause(500);
  context.change(waiting("two-more"));
  await page.locator(row("two-more")).waitFor();
  assert.is(await page.locator(row("one")).count(), 0);
  assert.is(await page.locator("header.top").count(), 1);
  assert.ok(streams.length >= 2);
  await end();
});

s.run();
