// timeout: 600
/// <reference lib="dom" />
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import { eventually } from "../e2e/suite.ts";
import { type Dashboard, textOf } from "./dashboard.ts";
import { browserSuite } from "./suite.ts";
import { call } from "../e2e/calls.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import { HOSTILE } from "../support/hostile_strings.ts";
import { workloadPath } from "../../ui/web/paths.ts";
import { byApi, offer, pathOf } from "./world.ts";

const { test, run } = browserSuite("what is pressed in the dashboard", { name: "decisions" });

interface Pod {
  metadata: { name: string };
  spec: { containers: { image: string }[] };
  status: { phase?: string };
}

/** From the server's answer to one to what another sees; where the machine is busy, as many of the shortest ways there and back. */
const SOON = { ms: 1000, ways: 30 };

/** Presses a button, and gives when its answer came. */
async function press(page: Page, name: string | RegExp): Promise<number> {
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name }).first().click();
  const answer = await answered;
  await answer.finished();
  assert.ok(answer.status() < 400, `${answer.url()}: ${answer.status()}`);
  return performance.now();
}

/** Waits until a page shows it, which it has to within a second of an answer to somebody else, without being loaded again. */
async function seenBy(page: Page, answeredAt: number, text: string | RegExp): Promise<void> {
  await page.locator("main").getByText(text).first().waitFor();
  const ms = performance.now() - answeredAt;
  const way = Math.max(await wayThereAndBack(page), await wayThereAndBack(page), await wayThereAndBack(page));
  const said = `seen by another ${ms.toFixed(0)} ms after the answer; the way there and back takes ${
    way.toFixed(0)
  } ms`;
  console.log(`# ${String(text)}: ${said}`);
  assert.ok(ms <= Math.max(SOON.ms, SOON.ways * way), said);
}

/** To the server, which answers at once, and to the next picture of a page. */
async function wayThereAndBack(page: Page): Promise<number> {
  const begun = performance.now();
  await page.evaluate(async () => {
    await (await fetch("/healthz")).text();
    await new Promise(requestAnimationFrame);
  });
  return performance.now() - begun;
}

/** Two who look at the same update. */
async function two(dashboard: Dashboard, path: string): Promise<[Page, Page]> {
  const [ann, bob] = await Promise.all([
    dashboard.as("ann"),
    dashboard.as("bob", { url: dashboard.operators[1].ui }),
  ]);
  const pages = await Promise.all([ann.open(path), bob.open(path)]) as [Page, Page];
  for (const page of pages) await page.evaluate(() => void ((globalThis as { marked?: boolean }).marked = true));
  return pages;
}

/** Whether a page was never loaded again. */
const stayed = (page: Page) => page.evaluate(() => (globalThis as { marked?: boolean }).marked === true);

test("an approval: the other's page says who, and its buttons go", async (dashboard) => {
  const update = await offer(dashboard, "approved");
  const [ann, bob] = await two(dashboard, pathOf(update));
  await bob.locator("#comment").fill("I am typ");
  await bob.locator("#comment").focus();
  await ann.locator("#comment").fill("seen on staging");
  const answered = await press(ann, "Approve");
  await seenBy(bob, answered, /Approved by .*ann/);
  assert.match(await textOf(bob), "seen on staging");
  assert.is(await bob.getByRole("button", { name: "Approve" }).count(), 0);
  assert.ok(await stayed(bob));
  assert.match(await textOf(ann), /Approved by .*ann/);
  await dashboard.workloads.phase("approved", "1.1.0", "Completed");
  assert.is(await dashboard.workloads.running("approved"), dashboard.workloads.image("approved", "1.1.0"));
});

test("a rejection with its reason, by keys alone", async (dashboard) => {
  const update = await offer(dashboard, "refused");
  const [ann, bob] = await two(dashboard, pathOf(update));
  await ann.keyboard.press("r");
  await ann.keyboard.press("Shift+Tab");
  await ann.keyboard.press("Shift+Tab");
  assert.is(await ann.evaluate(() => document.activeElement?.id), "comment");
  await ann.keyboard.type("logins fail");
  const answered = ann.waitForResponse((response) => response.request().method() === "POST");
  await ann.keyboard.press("Tab");
  await ann.keyboard.press("Tab");
  await ann.keyboard.press("Enter");
  await (await answered).finished();
  await seenBy(bob, performance.now(), /Rejected by .*ann/);
  assert.match(await textOf(bob), "logins fail");
  // the focus is not lost with the button
  await ann.getByText(/Rejected by .*ann/).first().waitFor();
  const focused = await ann.evaluate(() => document.activeElement?.closest("main") !== null);
  assert.ok(focused, "the focus stays within the page's own part");
  const found = (await dashboard.workloads.request("refused", "1.1.0"))!;
  assert.is(found.spec.decision?.reason, "logins fail");
  assert.is(found.spec.decision?.by, dashboard.people.ann.user);
});

test("many at once, of which one was decided meanwhile: each has its own result", async (dashboard) => {
  const names = ["bulk-0", "bulk-1", "bulk-2"];
  const updates = await Promise.all(names.map((name) => offer(dashboard, name)));
  const [ann, bob] = await two(dashboard, "/updates?search=bulk");
  for (const name of names) await ann.getByRole("checkbox", { name: new RegExp(`${name}\\b`) }).check();
  await bob.getByRole("checkbox", { name: /bulk-0/ }).check();
  await byApi(dashboard, "bob", `updates/${pathOf(updates[1]!).slice("/updates/".length)}/reject`, { reason: "mine" });
  const answered = await press(ann, /^Approve/);
  await seenBy(bob, answered, /approved by .*ann/);
  const told = await textOf(ann);
  assert.match(told, /2 .*approved|approved 2/i);
  assert.match(told, /bulk-1/);
  assert.match(told, /rejected/i);
  await Promise.all(["bulk-0", "bulk-2"].map((name) => dashboard.workloads.phase(name, "1.1.0", "Completed")));
  await dashboard.workloads.phase("bulk-1", "1.1.0", "Rejected");
});

test("what one types, ticks and has open stays when others decide", async (dashboard) => {
  const names = ["kept-0", "kept-1"];
  const updates = await Promise.all(names.map((name) => offer(dashboard, name)));
  const ann = await (await dashboard.as("ann")).open("/updates?search=kept");
  await ann.getByRole("checkbox", { name: /kept-0/ }).check();
  const comment = ann.locator("#decide-comment");
  await comment.pressSequentially("half a sen");
  await byApi(dashboard, "bob", `updates/${pathOf(updates[1]!).slice("/updates/".length)}/approve`, {});
  await ann.getByText(/approved by .*bob/).first().waitFor();
  assert.ok(await ann.getByRole("checkbox", { name: /kept-0/ }).isChecked());
  assert.is(await comment.inputValue(), "half a sen");
  assert.ok(await comment.evaluate((field) => field === document.activeElement));
  await comment.pressSequentially("tence");
  assert.is(await comment.inputValue(), "half a sentence");
});

test("without JavaScript: approving and rejecting", async (dashboard) => {
  const [yes, no] = await Promise.all([offer(dashboard, "plain-yes"), offer(dashboard, "plain-no")]);
  const ann = await dashboard.as("ann", { javaScriptEnabled: false });
  const page = await ann.open(pathOf(yes));
  await page.locator("#comment").fill("by a plain form");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText(/Approved by .*ann/).first().waitFor();
  await page.goto(new URL(pathOf(no), page.url()).href);
  await page.locator("#comment").fill("not this");
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByText(/Rejected by .*ann/).first().waitFor();
  assert.match(await textOf(page), "not this");
  await dashboard.workloads.phase("plain-yes", "1.1.0", "Completed");
});

test("who may change workloads and not decide is refused by every way, in words", async (dashboard) => {
  const update = await offer(dashboard, "guarded");
  const eve = await dashboard.as("eve", { expected: [/status of 403/] });
  const page = await eve.open(pathOf(update));
  assert.is(await page.getByRole("button", { name: /Approve|Reject/ }).count(), 0);
  for (const verb of ["approve", "reject"]) {
    const answer = await page.evaluate(async (path) => {
      const { status } = await fetch(path, { method: "POST", body: new URLSearchParams({ comment: "mine" }) });
      return status;
    }, `${pathOf(update)}/${verb}`);
    assert.is(answer, 403);
  }
  assert.is((await dashboard.workloads.request("guarded", "1.1.0"))!.spec.decision, undefined);
});

test("rolled back, resumed, held, checked now: another's page moves", async (dashboard) => {
  const { workloads } = dashboard;
  await workloads.add("moved", { replicas: 1 });
  await workloads.updated("moved", "1.1.0");
  const { spec } = await workloads.updated("moved", "1.2.0");
  const [ann, bob] = await two(dashboard, workloadPath(spec.targetRef));
  const runs = (tag: string) =>
    eventually(`it runs ${tag}`, async () => await workloads.running("moved") === workloads.image("moved", tag));

  await seenBy(bob, await press(ann, "Roll back to 1.1.0, container app"), /rolled back/i);
  await runs("1.1.0");
  assert.is((await workloads.holds("moved"))[0]?.by, dashboard.people.ann.user);

  await press(ann, "Resume 1.2.0 of app");
  await bob.getByText("Nothing is held").waitFor();
  assert.is((await workloads.holds("moved"))[0]?.resumedBy, dashboard.people.ann.user);

  await ann.getByText("Hold a version, or everything").click();
  await ann.locator("#hold-image").fill("1.3.0");
  await ann.locator("#hold-reason").fill("the migration runs");
  const held = await press(ann, /^Hold$/);
  await seenBy(bob, held, "the migration runs");
  assert.is((await workloads.holds("moved"))[0]?.reason, "the migration runs");

  await press(ann, "Check now");
  const { metadata } = await dashboard.ns.workload("Deployment", "moved");
  assert.ok(metadata.annotations?.["headwind.sh/check-requested-at"]);
  assert.ok(await stayed(bob));
});

test("what strangers write is text on each page and in each stream", async (dashboard) => {
  const { workloads, ns, cluster } = dashboard;
  const texts = Object.entries(HOSTILE).map(([name, text]) => [name.toLowerCase(), text.slice(0, 1000)] as const);
  const reader = await dashboard.as("bob", { expected: [/status of 40[0-9]/] });
  const open = await reader.open("/updates?search=hostile");
  const fine = async (page: Page, where: string) => {
    assert.is(await page.evaluate(() => (globalThis as { hostile?: unknown }).hostile), undefined, where);
    assert.is(
      await page.locator("main form[action*=evil], main iframe, main img, base, meta[http-equiv]").count(),
      0,
      where,
    );
    assert.is(await page.evaluate(() => document.cookie), "", where);
    assert.match(await page.title(), /Headwind$/, where);
  };
  // reasons, which come to the open page by its stream
  await Promise.all(texts.map(async ([name, reason]) => {
    const { metadata } = await offer(dashboard, `hostile-${name}`);
    const path = `${dashboard.operators[0].api}/api/v1/updates/${ns.namespace}/${metadata.name}/reject`;
    const headers = { authorization: `Bearer ${dashboard.people.ann.token}` };
    const { status } = await call(path, { json: { reason }, headers });
    assert.ok([200, 400].includes(status), `${name}: ${status}`);
  }));
  await open.getByText(/rejected by .*ann/).first().waitFor();
  await fine(open, "the open list");
  for (const number of [1, 2, 3]) {
    const page = await reader.open(`/updates?search=hostile&page=${number}`);
    await fine(page, `page ${number}`);
    await page.close();
  }
  const shown = await reader.open("/updates?search=hostile-script");
  await shown.getByText(HOSTILE.script!).first().waitFor();
  for (const [name] of texts.filter((_, index) => index % 6 === 0)) {
    const request = (await workloads.request(`hostile-${name}`, "1.1.0"))!;
    const page = await reader.open(pathOf(request));
    await fine(page, name);
    await page.close();
  }
  // annotations and reasons of holds
  for (const [name, text] of texts.slice(0, 12)) {
    const annotations = { "headwind.sh/policy": text, "headwind.sh/pattern": text, "headwind.sh/soak": text };
    await ns.change("Deployment", `hostile-${name}`, { metadata: { annotations } });
  }
  // a pod's message
  await workloads.add("hostile-pod", { annotations: { "rollback-timeout": "1h" } });
  await workloads.tell("hostile-pod", `1.1.${FAULTS.unready}`);
  const applied = await workloads.phase("hostile-pod", `1.1.${FAULTS.unready}`, "Verifying");
  const watched = await reader.open(pathOf(applied));
  const pod = await eventually("the new pod is there", async () => {
    const args = ["get", "pods", "-n", ns.namespace, "-l", "app=hostile-pod", "-o", "json"];
    const { items } = JSON.parse(await cluster.kubectl(args)) as { items: Pod[] };
    return items.find(({ spec, status }) =>
      spec.containers[0]!.image.endsWith(FAULTS.unready) && status.phase === "Running"
    );
  });
  const waiting = { reason: "CreateContainerConfigError", message: HOSTILE.image };
  const statuses = [{ name: "app", image: "x", imageID: "", ready: false, restartCount: 0, state: { waiting } }];
  await cluster.kubectl([
    ...["patch", "pod", pod.metadata.name, "-n", ns.namespace, "--subresource=status", "--type=merge"],
    ...["-p", JSON.stringify({ status: { containerStatuses: statuses } })],
  ]);
  await watched.getByText(HOSTILE.image!).first().waitFor();
  await fine(watched, "the pod's message");
  // addresses
  for (const text of [HOSTILE.script!, HOSTILE.doubleQuote!, HOSTILE.titleEnd!, HOSTILE.rightToLeft!]) {
    const said = encodeURIComponent(text);
    for (
      const path of [
        `/updates?search=${said}`,
        `/updates?sort=${said}`,
        `/updates/x/${said}`,
        `/workloads/${said}/deployment/x`,
      ]
    ) {
      const page = await reader.open(path);
      await fine(page, path);
      await page.close();
    }
  }
  for (const path of ["/", "/workloads", "/registries", "/observability", "/rights", "/settings"]) {
    const page = await reader.open(path);
    await fine(page, path);
    await page.close();
  }
});

run();
