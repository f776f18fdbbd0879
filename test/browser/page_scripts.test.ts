/// <reference lib="dom" />
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import { suite } from "uvu";
import { openLocalDashboard } from "./local_dashboard.ts";
import { requestOf } from "../support/build/update_request.ts";
import type { Visitor } from "./visitor.ts";

const s = suite("what the scripts of a page do by themselves");

const ago = (seconds: number) => `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
const waiting = { phase: "Pending", reason: "WaitingForApproval", requireApproval: true } as const;
const running = requestOf({ name: "running", phase: "Verifying", appliedAt: ago(100), at: ago(200), target: "run" });
const rollout = [
  { at: ago(100), old: 3, new: 0, ready: 0 },
  { at: ago(50), old: 2, new: 1, ready: 0 },
  { at: ago(20), old: 0, new: 3, ready: 2 },
];
const requests = [
  ...["a", "b", "c"].map((name, index) =>
    requestOf({ ...waiting, name, target: `web-${name}`, at: ago(300 * (index + 1)) })
  ),
  { ...running, status: { ...running.status, rollout } },
];

let local: Awaited<ReturnType<typeof openLocalDashboard>>;
let visitor: Visitor;
s.before(async () => {
  local = await openLocalDashboard({ requests });
  // the stream is another's matter
  visitor = await local.visit({ expected: [/\/live/, /Failed to load resource/] });
});
s.after(() => local.stop());
s.after.each(() => {
  assert.equal(visitor.problems.splice(0), []);
});

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.id || element?.textContent?.trim() || element?.tagName;
  });
const reading = (page: Page) => page.locator("output.reading").first();

/** The page's content once more from the server, morphed in as the live stream does it. */
async function swapAgain(page: Page) {
  await page.evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const { htmx } = globalThis as any;
    return htmx.ajax("GET", location.pathname, { target: "#main", select: "#main", swap: "outerMorph" });
  });
}

s("a time is told from now, with the exact one in the reader's zone, after a swap too", async () => {
  const page = await visitor.open("/updates/default/a");
  const time = page.locator("main time").first();
  assert.match(await time.innerText(), /^[56] min ago$/);
  assert.match(await time.getAttribute("title") ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (GMT\+[12]|CES?T)$/);
  await swapAgain(page);
  assert.match(await time.innerText(), /^[56] min ago$/);
  await page.close();
});

s("arrow keys read the points of a picture out, and a swap leaves the reading where it is", async () => {
  const page = await visitor.open("/");
  const plot = page.locator("svg.plot").first();
  await plot.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await reading(page).innerText(), /: Old 3 · New, not ready 0 · New, ready 0/);
  await page.keyboard.press("ArrowRight");
  const second = await reading(page).innerText();
  assert.match(second, /: Old 2 · New, not ready 1 · New, ready 0/);
  await swapAgain(page);
  assert.is(await reading(page).innerText(), second);
  assert.is(await plot.locator(".cursor").getAttribute("visibility"), "visible");
  await page.keyboard.press("End");
  assert.match(await reading(page).innerText(), /Old 0 · New, not ready 1 · New, ready 2/);
  await page.keyboard.press("Escape");
  assert.is(await reading(page).innerText(), "");
  await page.close();
});

s("the pointer reads the nearest point, and nothing is read when it has gone", async () => {
  const page = await visitor.open("/");
  const box = (await page.locator("svg.plot").first().boundingBox())!;
  await page.mouse.move(box.x + 2, box.y + 60);
  assert.match(await reading(page).innerText(), /Old 3/);
  await page.mouse.move(box.x + box.width - 2, box.y + 60);
  assert.match(await reading(page).innerText(), /Old 0/);
  await page.mouse.move(box.x + 2, 5);
  assert.is(await reading(page).innerText(), "");
  await page.close();
});

s("keys go through the lines, tick and find the button, and g leads to pages", async () => {
  const page = await visitor.open("/updates");
  await page.keyboard.press("j");
  const first = await focused(page);
  await page.keyboard.press("j");
  assert.is.not(await focused(page), first);
  await page.keyboard.press("k");
  assert.is(await focused(page), first);
  await page.keyboard.press("a");
  assert.match(await focused(page) ?? "", /^Approve/);
  assert.is(await page.locator('input[name="update"]:checked').count(), 1);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.waitForURL((url) => url.pathname === "/");
  await page.close();
});

s("on a phone the box of a line stands beside its name, and can be ticked", async () => {
  const page = await visitor.open("/updates");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('input[name="update"]').first().check({ timeout: 3000 });
  assert.match(await page.locator('button[value="approve"]').innerText(), /1/);
  await page.close();
});

s("a key that is typed into a field, or with Ctrl, is none of ours", async () => {
  const page = await visitor.open("/updates");
  await page.keyboard.press("/");
  assert.is(await focused(page), "filter-search");
  await page.keyboard.type("j?ga");
  assert.is(await page.inputValue("#filter-search"), "j?ga");
  assert.is(await page.locator("#keys").evaluate((sheet: HTMLDialogElement) => sheet.open), false);
  await page.close();
});

s("? opens the sheet of keys, and what is turned off there stays off", async () => {
  const page = await visitor.open("/updates");
  await page.keyboard.press("?");
  await page.locator("#keys").waitFor();
  await page.locator("#keys-on").uncheck();
  await page.keyboard.press("Escape");
  await page.reload();
  await page.keyboard.press("?");
  await page.keyboard.press("j");
  assert.is(await page.locator("#keys").evaluate((sheet: HTMLDialogElement) => sheet.open), false);
  assert.is(await focused(page), await page.evaluate(() => document.body.textContent?.trim()));
  // the button in the foot is there still
  await page.locator("[data-open-keys]").click();
  await page.locator("#keys-on").check();
  await page.close();
});

s("the switch of colours works, without JavaScript too, where none says that the page moves", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const own = await local.visit({ javaScriptEnabled, colorScheme: "light", expected: [/\/live/, /Failed to load/] });
    const page = await own.open("/updates?sort=step");
    const ground = () =>
      page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor).catch(() => "");
    const light = javaScriptEnabled ? await ground() : "";
    assert.is(await page.getByText("Auto-refresh").isVisible(), javaScriptEnabled);
    await page.locator('button[name="theme"]').click();
    await page.waitForLoadState();
    assert.is(await page.locator("html").getAttribute("data-theme"), "dark");
    assert.is(new URL(page.url()).search, "?sort=step");
    if (javaScriptEnabled) assert.is.not(await ground(), light);
    assert.equal(own.problems, []);
    await own.close();
  }
});

s("auto-refresh turned off: the page has no stream", async () => {
  const own = await local.visit({ expected: [/\/live/, /Failed to load/] });
  const page = await own.open("/updates");
  await page.locator('button[name="refresh"]').click();
  await page.waitForLoadState();
  assert.is(await page.locator("[data-live]").count(), 0);
  assert.match(await page.locator('button[name="refresh"]').innerText(), "Auto-refresh off");
  await own.close();
});

s("a command is copied; where that is not allowed it is selected", async () => {
  const empty = await openLocalDashboard();
  for (const permissions of [["clipboard-read", "clipboard-write"], []]) {
    const own = await empty.visit({ permissions, expected: [/\/live/, /Failed to load/] });
    const page = await own.open("/");
    const command = await page.locator("#policy-command").innerText();
    await page.locator('[data-copy="policy-command"]').click();
    await page.locator("[data-told]").waitFor();
    const got = await page.evaluate(
      async (isAllowed) => isAllowed ? await navigator.clipboard.readText() : String(getSelection()),
      permissions.length > 0,
    );
    assert.is(got.trim(), command.trim());
    await own.close();
  }
  await empty.stop();
});

s.run();
