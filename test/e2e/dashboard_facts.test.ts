import * as assert from "uvu/assert";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { all, type Element, parseMarkup } from "../support/markup.ts";
import { deployment } from "./manifests.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { metric } from "./calls.ts";
import { type MountedConfig, mountedConfig } from "../support/mounted_config.ts";
import type { Operator } from "../support/operator.ts";
import { rowOf, said } from "../support/open_page.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("what the dashboard tells of registries and settings");

let fixture: Fixture;
let ns: TestNamespace;
let registry: Registry;
let ui: MountedConfig;
let [first, second] = [] as unknown as [Operator, Operator];

s.before(async () => {
  fixture = await openFixture("facts");
  registry = await fixture.registry();
  ns = await fixture.namespace();
  ui = await mountedConfig();
  const env = { HEADWIND_UI_CONFIG_DIR: ui.folder };
  first = await fixture.operator(ns, { env });
  await eventually("it leads", async () => await metric(first.metrics, "headwind_leader") === 1);
  second = await fixture.operator(ns, { env, replica: "replica-1" });
});

s.after(async () => {
  await fixture.stop();
  await ui.remove();
});

async function main(operator: Operator, path: string): Promise<Element> {
  const text = await (await fetch(operator.ui + path)).text();
  return parseMarkup(/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? "<p></p>");
}
const hasRow = (page: Element, id: string) => all(page, "tr").some(({ attributes }) => attributes.id === id);
/** Until a page says it. */
const tells = (operator: Operator, path: string, what: RegExp) => {
  let last = "";
  return eventually(`${path} says ${what}`, async () => {
    const page = await main(operator, path);
    last = said(page);
    return what.test(last) && page;
  }, { last: () => last });
};

s("the replica that polls tells how its registries stand, the other that it does not poll, and who does", async () => {
  const repository = `${registry.host}/${ns.namespace}/web`;
  await pushImage(registry.host, `${ns.namespace}/web`, "1.0.0");
  const annotations = { "event-source": "polling", "polling-interval": "1" };
  await ns.create(deployment({ name: "web", image: `${repository}:1.0.0`, annotations }));
  await ns.create(deployment({ name: "gone", image: `${registry.host}/${ns.namespace}/gone:1.0.0`, annotations }));
  const page = await tells(first, "/registries", /Could not be read at the last poll/);
  const row = rowOf(page, `registry-${registry.host}`);
  assert.is(row.State, "Failing");
  assert.is(row.Workloads, "2, 2 polled");
  assert.match(row["Last request"]!, /, (200|404)$/);
  assert.ok(hasRow(page, `failing-${registry.host}/${ns.namespace}/gone-0`), said(page));
  assert.not.ok(hasRow(page, `failing-${repository}-0`));
  assert.match(said(page), "This replica, replica-0, holds the Lease and polls. Its last poll was");
  const other = await tells(second, "/registries", /replica-0 holds the Lease/);
  assert.match(said(other), "This replica, replica-1, does not poll");
  assert.is(rowOf(other, `registry-${registry.host}`).State, "Not asked");
});

s(
  "what a ConfigMap says counts without a restart, on both replicas; what breaks it is told, and changes nothing",
  async () => {
    for (const operator of [first, second]) await tells(operator, "/settings", /headwind-ui-config Absent/);
    await ui.write("max_items_per_page: 7\n");
    for (const operator of [first, second]) {
      const page = await tells(operator, "/settings", /headwind-ui-config Read/);
      assert.is(rowOf(page, "headwind-ui-config-list-max_items_per_page").Value, "7");
    }
    await ui.write("max_items_per_page: many\n");
    for (const operator of [first, second]) {
      const page = await tells(operator, "/settings", /max_items_per_page: a whole number from 1 to 1000 is wanted/);
      assert.is(rowOf(page, "headwind-ui-config-list-max_items_per_page").Value, "7");
      const broken = 'headwind_config_file_broken{file="headwind-ui-config"}';
      assert.is(await metric(operator.metrics, broken), 1);
      assert.match(await operator.logs(), "a file with settings cannot be used: what counted before stays");
    }
    await ui.write("max_items_per_page: 8\n");
    const page = await tells(second, "/settings", /headwind-ui-config Read/);
    assert.is(rowOf(page, "headwind-ui-config-list-max_items_per_page").Value, "8");
  },
);

s("no secret is on the page of settings", async () => {
  const page = await main(first, "/settings");
  assert.is(rowOf(page, "environment-list-HEADWIND_WEBHOOK_SECRET").Value, "set");
  assert.is(rowOf(page, "environment-list-HEADWIND_REPLICA").Value, "replica-0");
  assert.not.match(said(page), "a-secret-of-the-tests");
});

s.run();
