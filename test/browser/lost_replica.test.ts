// timeout: 300
/// <reference lib="dom" />
import * as assert from "uvu/assert";
import type { BrowserContext, Page } from "playwright-core";
import { eventually } from "../e2e/suite.ts";
import { type Balancer, startBalancer } from "../support/balancer.ts";
import { type Dashboard, textOf } from "./dashboard.ts";
import { browserSuite } from "./suite.ts";
import { byApi, offer, pathOf } from "./world.ts";

const { test, after, run } = browserSuite("a replica that is lost while pages are open", {
  name: "lost-replica",
  // who is left applies what is decided as soon as the Lease of the other is over
  env: async () => ({ HEADWIND_LEASE_DURATION: "3" }),
});
let balancer: Balancer | undefined;
after(async () => void await balancer?.stop());

/** What is to be seen of a connection that ends. */
const LOST = [/ERR_|Failed to (?:fetch|load)|network error/];
const REPLICAS = [0, 1] as const;

/** Notes in each page the names of the pictures that its stream brings; they begin with the replica's. */
const notePictures = (context: BrowserContext) =>
  context.addInitScript(() => {
    const pictures: string[] = [];
    Object.assign(globalThis, { pictures });
    addEventListener("htmx:sse:after:message", (event) => {
      const { id } = (event as CustomEvent).detail.message;
      if (id) pictures.push(id);
    });
  });

/** The replica that the page's stream is of. */
const holderOf = (page: Page) =>
  eventually("the stream brings a picture", async () => {
    const last = await page.evaluate(() => (globalThis as unknown as { pictures: string[] }).pictures.at(-1));
    return REPLICAS.find((index) => last?.startsWith(`replica-${index}-`));
  });

const rejectByApi = (dashboard: Dashboard, update: Parameters<typeof pathOf>[0], reason: string) =>
  byApi(dashboard, "bob", `updates/${pathOf(update).slice("/updates/".length)}/reject`, { reason });

test("behind a balancer a page goes on with the other one, signed in, with all that was typed and ticked", async (dashboard) => {
  const { operators, people, workloads } = dashboard;
  const [mine, theirs] = [await offer(dashboard, "lost-mine"), await offer(dashboard, "lost-theirs")];
  balancer = await startBalancer(operators.map(({ ports }) => ports.ui));
  const ann = await dashboard.as("nobody", { url: balancer.url, expected: LOST });
  await notePictures(ann.context);
  const page = await ann.open("/updates?search=lost");
  await page.getByLabel("Token of the cluster").fill(people.ann.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/updates?search=lost");
  await page.evaluate(() => void ((globalThis as { marked?: boolean }).marked = true));
  const box = page.getByRole("checkbox", { name: /lost-mine/ });
  await box.check();
  const comment = page.locator("#decide-comment");
  await comment.pressSequentially("half a sen");

  const lost = await holderOf(page);
  operators[lost].kill();
  await eventually("it is gone", async () => operators[lost].ended() !== undefined);
  await rejectByApi(dashboard, theirs, "not this one");
  await page.getByText(/rejected by .*bob/i).first().waitFor();
  assert.is.not(await holderOf(page), lost);
  assert.is(await page.locator("#live-state").innerText(), "");

  assert.ok(await box.isChecked());
  assert.is(await comment.inputValue(), "half a sen");
  assert.ok(await comment.evaluate((field) => field === document.activeElement));
  await comment.pressSequentially("tence");
  await page.getByRole("button", { name: /^Approve/ }).click();
  await page.getByText(/approved by .*ann/i).first().waitFor();
  assert.ok(await page.evaluate(() => (globalThis as { marked?: boolean }).marked), "the page was never loaded again");
  const { spec } = (await workloads.request("lost-mine", "1.1.0"))!;
  assert.equal([spec.decision?.by, spec.decision?.reason], [people.ann.user, "half a sentence"]);
  await workloads.phase("lost-mine", "1.1.0", "Completed");
  await page.locator("#updates").getByText("Completed").first().waitFor();

  await page.goto(new URL(pathOf(mine), balancer.url).href);
  assert.match(await textOf(page, "header"), /\bann\b/);
  assert.match(await textOf(page, "footer"), `replica-${1 - lost}`);
  await dashboard.restart(lost);
});

test("without one it goes on when the replica is back, with what happened meanwhile", async (dashboard) => {
  const update = await offer(dashboard, "survives");
  const bob = await dashboard.as("bob", { url: dashboard.operators[1].ui, expected: LOST });
  const page = await bob.open(pathOf(update));
  dashboard.operators[1].kill();
  await byApi(dashboard, "ann", `updates/${pathOf(update).slice("/updates/".length)}/approve`, {});
  await dashboard.restart(1);
  await page.getByText(/Approved by .*ann/).first().waitFor({ timeout: 30_000 });
});

run();
