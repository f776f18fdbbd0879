import * as assert from "uvu/assert";
import { brokenMessage } from "../../scripts/testbed/charts/make_chart.ts";
import {
  chartVersion,
  eventsOf,
  type Flux,
  fluxIn,
  helmRepository,
  phaseIs,
  release,
  released,
  requestFor,
} from "./flux.ts";
import type { ChartRepository } from "../../scripts/testbed/charts/chart_repository.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { Operator } from "../support/operator.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openFixture, token } from "./fixture.ts";
import { webhook } from "./calls.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("verified releases");

let fixture: Fixture;
let ns: TestNamespace;
let flux: Flux;
let charts: ChartRepository;
let operator: Operator;

s.before(async () => {
  fixture = await openFixture("charts-verified");
  ns = await fixture.namespace();
  flux = await fluxIn(fixture, ns);
  charts = await flux.repository();
  await ns.create(helmRepository("shop", charts.url));
  operator = await fixture.operator(ns, { env: { HEADWIND_HEALTH_CHECK_INTERVAL: "0.5" } });
});

s.after(async () => {
  await flux.stop();
  await fixture.stop();
});

async function start(name: string, annotations: Record<string, string> = {}, spec: Record<string, unknown> = {}) {
  await charts.publish(...await flux.charts({ name, version: "1.0.0" }));
  await ns.create(release({ name, chart: name, version: "1.0.0", repository: "shop", annotations, spec }));
  await released(ns, name, "1.0.0");
}

const healthOf = (request: { status?: { conditions?: { type: string; reason: string; message: string }[] } }) =>
  request.status?.conditions?.find(({ type }) => type === "Healthy");

s("a chart that cannot be rendered fails with Flux's own reason, and is rolled back", async () => {
  await start("broken", { "auto-rollback": "true" });
  await charts.publish(...await flux.charts({ name: "broken", version: "1.1.0", broken: true }));
  const request = await requestFor(ns, "broken", "broken:1.1.0", phaseIs("RolledBack"));
  assert.match(request.status!.message!, brokenMessage);
  assert.ok(request.status!.steps!.some(({ message }) => message.includes(brokenMessage)));
  // Flux itself goes on saying Ready=False then, since what runs is in sync and nothing is released anew
  assert.is(await chartVersion(ns, "broken"), "1.0.0");
  const isRolledBack = (event: string) => event.startsWith("UpdateRolledBack");
  // written after the status
  await eventually("the Event is there", async () => (await eventsOf(ns, "broken")).some(isRolledBack), {
    last: () => eventsOf(ns, "broken"),
  });
});

s("a version whose pods never run fails, and stays where no rollback is asked for", async () => {
  await start("crashes", {}, { timeout: "5s" });
  const values = { image: { tag: `1.1.${FAULTS.crashes}` } };
  await charts.publish(...await flux.charts({ name: "crashes", version: "1.1.0", values }));
  const request = await requestFor(ns, "crashes", "crashes:1.1.0", phaseIs("Failed"));
  assert.is(healthOf(request)?.reason, "UpgradeFailed");
  assert.is(await chartVersion(ns, "crashes"), "1.1.0");
});

s("what a person brought back is held: Flux's spec edited, and the same version offered again", async () => {
  await start("held");
  await charts.publish(...await flux.charts({ name: "held", version: "1.1.0" }));
  await requestFor(ns, "held", "held:1.1.0", phaseIs("Completed"));
  await ns.change("HelmRelease", "held", { spec: { chart: { spec: { version: "1.0.0" } } } });
  await requestFor(ns, "held", "held:1.1.0", phaseIs("Held"));
  await charts.publish(...await flux.charts({ name: "held", version: "1.2.0" }));
  await requestFor(ns, "held", "held:1.2.0", phaseIs("Completed"));
  assert.is(await chartVersion(ns, "held"), "1.2.0");
});

s("a suspended release is changed, and said not to be verified", async () => {
  await start("paused");
  await ns.change("HelmRelease", "paused", { spec: { suspend: true } });
  await charts.publish(...await flux.charts({ name: "paused", version: "1.1.0" }));
  const request = await requestFor(ns, "paused", "paused:1.1.0", phaseIs("Completed"));
  assert.match(request.status!.message!, "not verified: the HelmRelease is suspended");
});

s("images in values follow their own versions by the same policy, each with its own request", async () => {
  await charts.publish(...await flux.charts({ name: "values", version: "1.0.0" }));
  const annotations = { "values-images": "image.repository:image.tag" };
  const values = { image: { repository: "registry.example/values", tag: "1.0.0" } };
  await ns.create(
    release({ name: "values", chart: "values", version: "1.0.0", repository: "shop", annotations, spec: { values } }),
  );
  await released(ns, "values", "1.0.0");
  const body = { image: "registry.example/values", tag: "1.3.0" };
  await eventually("the webhook reaches it", async () => {
    const { status, body: answer } = await webhook(operator.webhook, body, { token });
    return status === 200 && answer.matched === 1;
  });
  const request = await requestFor(ns, "values", "registry.example/values:1.3.0", phaseIs("Completed"));
  assert.equal([request.spec.updateType, request.spec.containerName], ["image", "values.image"]);
  const { spec } = await ns.workload("HelmRelease", "values");
  assert.equal(spec!.values, { image: { repository: "registry.example/values", tag: "1.3.0" } });
});

s.run();
