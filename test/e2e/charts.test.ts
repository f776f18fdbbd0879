import * as assert from "uvu/assert";
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
import type { Operator } from "../support/operator.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { call, metric, untilDecided } from "./calls.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("charts of a Helm repository");

let fixture: Fixture;
let ns: TestNamespace;
let flux: Flux;
let charts: ChartRepository;
let operator: Operator;

s.before(async () => {
  fixture = await openFixture("charts");
  ns = await fixture.namespace();
  flux = await fluxIn(fixture, ns);
  charts = await flux.repository();
  await charts.publish(...await flux.charts({ name: "web", version: "1.0.0" }, { name: "api", version: "2.0.0" }));
  await ns.create(helmRepository("shop", `${charts.url}/`));
  operator = await fixture.operator(ns);
});

s.after(async () => {
  await flux.stop();
  await fixture.stop();
});

const historyOf = async (name: string) => {
  const { metadata } = await ns.workload("HelmRelease", name);
  return JSON.parse(metadata.annotations?.["headwind.sh/update-history"] ?? "[]");
};

s("a published version is found, applied, released by Helm and verified by Flux's conditions", async () => {
  await ns.create(release({ name: "web", chart: "web", version: "1.0.0", repository: "shop" }));
  await released(ns, "web", "1.0.0");
  await charts.publish(...await flux.charts({ name: "web", version: "1.1.0" }, { name: "web", version: "2.0.0" }));
  const { spec, status } = await requestFor(ns, "web", "web:1.1.0", phaseIs("Completed"));
  assert.is(spec.updateType, "helmChart");
  assert.equal([spec.containerName, spec.currentImage, spec.policy], ["chart", "web:1.0.0", "minor"]);
  assert.equal(spec.sighting?.via, "polling");
  const healthy = status!.conditions!.find(({ type }) => type === "Healthy");
  assert.is(healthy?.status, "True");
  assert.is(await chartVersion(ns, "web"), "1.1.0");
  await released(ns, "web", "1.1.0");
  const [entry] = await historyOf("web");
  assert.equal([entry.container, entry.image, entry.previousImage, entry.verified], [
    "chart",
    "web:1.1.0",
    "web:1.0.0",
    true,
  ]);
  const events = await eventsOf(ns, "web");
  assert.ok(events.some((event) => event.startsWith("UpdateApplied: chart: web:1.0.0 → web:1.1.0")), events.join("\n"));
});

s("a version waits for approval, and what a person left is not offered again", async () => {
  const annotations = { "require-approval": "true" };
  await ns.create(release({ name: "api", chart: "api", version: "2.0.0", repository: "shop", annotations }));
  await released(ns, "api", "2.0.0");
  await charts.publish(...await flux.charts({ name: "api", version: "2.0.1+build.7" }));
  const waiting = await requestFor(ns, "api", "api:2.0.1+build.7", phaseIs("Pending"));
  await untilDecided(operator.api, `${ns.namespace}/${waiting.metadata.name}`, { approved: true, by: "ann" });
  await requestFor(ns, "api", "api:2.0.1+build.7", phaseIs("Completed"));
  assert.is(await chartVersion(ns, "api"), "2.0.1+build.7");
  await released(ns, "api", "2.0.1+build.7");

  const body = { image: "2.0.0", user: "ann", reason: "it is slow" };
  const answer = await call(`${operator.api}/api/v1/rollback/${ns.namespace}/api/chart`, {
    json: body,
  });
  assert.is(answer.status, 200, JSON.stringify(answer.body));
  assert.is(await chartVersion(ns, "api"), "2.0.0");
  await requestFor(ns, "api", "api:2.0.1+build.7", phaseIs("RolledBack"));
  await charts.publish(...await flux.charts({ name: "api", version: "2.0.2" }));
  await requestFor(ns, "api", "api:2.0.2", phaseIs("Pending"));
  assert.is((await ns.requests()).filter(({ spec }) => spec.newImage === "api:2.0.1+build.7").length, 1);
});

s("a request that a person wrote need not say that it is of the chart", async () => {
  const targetRef = {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    namespace: ns.namespace,
    name: "web",
  };
  const spec = { targetRef, updateType: "helmChart", policy: "major", requireApproval: false };
  const write = (name: string, newImage: string) =>
    ns.create({
      apiVersion: "headwind.sh/v1alpha1",
      kind: "UpdateRequest",
      metadata: { name },
      spec: { ...spec, currentImage: "web:1.1.0", newImage },
    });
  await write("by-hand", "web:2.0.0");
  await requestFor(ns, "web", "web:2.0.0", phaseIs("Completed"));
  assert.is(await chartVersion(ns, "web"), "2.0.0");
  await write("wrong", "other:2.0.0");
  const { status } = await requestFor(ns, "web", "other:2.0.0", phaseIs("Failed"));
  assert.match(status!.message!, "newImage other:2.0.0 is no version of web, as in web:2.0.0");
});

s("one read of an index serves all releases, and an unchanged one is not sent again", async () => {
  charts.forget();
  await eventually(
    "polled for a while",
    async () => charts.requests().filter(({ agent }) => !agent.startsWith("Helm")).length >= 8,
  );
  const asked = charts.requests().filter(({ agent }) => !/^(Helm|source-controller)/.test(agent));
  assert.ok(asked.every(({ path }) => path === "/index.yaml"), JSON.stringify(asked));
  assert.ok(asked.every(({ conditional }) => conditional), JSON.stringify(asked));
  assert.ok(asked.every(({ status }) => status === 304), JSON.stringify(asked));
});

s("the metrics of Headwind's names tell of it", async () => {
  const value = (name: string) => metric(operator.metrics, `headwind_${name}`);
  assert.is(await value("helm_releases_watched"), 2);
  for (
    const name of [
      "helm_chart_versions_checked_total",
      "helm_updates_found_total",
      "helm_updates_approved_total",
      "helm_updates_rejected_total",
      "helm_updates_applied_total",
      "helm_repository_queries_total",
      "helm_repository_query_duration_seconds_count",
      "polling_helm_charts_checked_total",
      "polling_helm_new_versions_found_total",
    ]
  ) assert.ok(await value(name) as number > 0, `${name} is ${await value(name)}`);
  assert.is(await value("helm_repository_errors_total"), 0);
});

s.run();
