import * as assert from "uvu/assert";
import {
  chartVersion,
  type Flux,
  fluxIn,
  helmRepository,
  ociRepository,
  phaseIs,
  release,
  releaseByReference,
  released,
  requestFor,
} from "./flux.ts";
import { freePort } from "../../scripts/testbed/ports.ts";
import { metric, webhook } from "./calls.ts";
import { freePorts, type Operator } from "../support/operator.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { pushChart } from "../../scripts/testbed/charts/push_chart.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { type Fixture, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("charts in an OCI registry");

let fixture: Fixture;
let ns: TestNamespace;
let flux: Flux;
let registry: Registry;
let operator: Operator;

s.before(async () => {
  fixture = await openFixture("charts-oci");
  ns = await fixture.namespace();
  flux = await fluxIn(fixture, ns);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/webhook/registry`;
  registry = await fixture.registry({ notify: [{ url, headers: { Authorization: [`Bearer ${token}`] } }] });
  await ns.create(helmRepository("shop", `oci://${registry.host}/charts`, { insecure: true }));
  const ports = { ...await freePorts(), webhook: port };
  operator = await fixture.operator(ns, { ports });
});

s.after(async () => {
  await flux.stop();
  await fixture.stop();
});

async function publish(name: string, version: string): Promise<string> {
  const [archive] = await flux.charts({ name, version });
  return (await pushChart(archive!, registry.host)).repository;
}

const webhooks = { "event-source": "webhook" };

for (const name of ["nginx", "redis", "busybox"]) {
  s(`${name}, pushed by helm, is told of by the registry and never looked for on Docker Hub`, async () => {
    await publish(name, "1.0.0");
    await ns.create(release({ name, chart: name, version: "1.0.0", repository: "shop", annotations: webhooks }));
    await released(ns, name, "1.0.0");
    const repository = await publish(name, "1.1.0+build.7");
    const { spec } = await requestFor(ns, name, `${name}:1.1.0+build.7`, phaseIs("Completed"));
    assert.equal([spec.sighting?.via, spec.sighting?.trigger, spec.sighting?.trusted], ["webhook", "registry", true]);
    assert.is(repository, `${registry.host}/charts/${name}`);
    await released(ns, name, "1.1.0+build.7");
  });
}

s("Docker Hub was not asked for anything", async () => {
  const asked = await metric(operator.metrics, "headwind_registry_requests_total", { host: "docker.io" });
  assert.is(asked ?? 0, 0);
  assert.ok(await metric(operator.metrics, "headwind_registry_requests_total", { host: registry.host }) as number > 0);
});

s("an image under the chart's name is no version of it: the next best is taken", async () => {
  await publish("mixed", "1.0.0");
  await ns.create(
    release({ name: "mixed", chart: "mixed", version: "1.0.0", repository: "shop", annotations: webhooks }),
  );
  await released(ns, "mixed", "1.0.0");
  await pushImage(registry.host, "charts/mixed", "1.9.0");
  await publish("mixed", "1.1.0");
  await ns.change("HelmRelease", "mixed", {
    metadata: { annotations: { "headwind.sh/event-source": "both" } },
  });
  await requestFor(ns, "mixed", "mixed:1.1.0", phaseIs("Completed"));
  assert.not((await ns.requests()).some(({ spec }) => spec.newImage === "mixed:1.9.0"));
});

s("Harbor does not say that it is a chart: the registry is asked", async () => {
  await publish("harbor", "1.0.0");
  const annotations = { ...webhooks, "require-approval": "true" };
  await ns.create(release({ name: "harbor", chart: "harbor", version: "1.0.0", repository: "shop", annotations }));
  await released(ns, "harbor", "1.0.0");
  // pushed past the notifications: another host's name for the same registry
  const body = (tag: string) => ({
    type: "PUSH_ARTIFACT",
    event_data: { resources: [{ resource_url: `${registry.host}/charts/harbor:${tag}`, tag }] },
  });
  await pushImage(registry.host, "charts/harbor", "1.5.0");
  await webhook(operator.webhook, body("1.5.0"), { token });
  const [archive] = await flux.charts({ name: "harbor", version: "1.1.0" });
  await pushChart(archive!, registry.host);
  await eventually("Harbor's webhook is stored", async () => {
    const { status, body: answer } = await webhook(operator.webhook, body("1.1.0"), { token });
    return status === 200 && answer.updateRequests?.length === 1;
  });
  await requestFor(ns, "harbor", "harbor:1.1.0", phaseIs("Pending"));
  assert.not((await ns.requests()).some(({ spec }) => spec.newImage === "harbor:1.5.0"));
});

s("of a release by chartRef the version of its OCIRepository moves, with its history beside it", async () => {
  await publish("referred", "1.0.0");
  await ns.create(ociRepository("referred", `oci://${registry.host}/charts/referred`, { tag: "1.0.0" }));
  await ns.create(releaseByReference("referred", "referred"));
  await released(ns, "referred", "1.0.0");
  await publish("referred", "1.2.0");
  const { status } = await requestFor(ns, "referred", "referred:1.2.0", phaseIs("Completed"));
  assert.is(status!.conditions!.find(({ type }) => type === "Healthy")?.status, "True");
  const { metadata, spec } = await ns.workload("OCIRepository", "referred");
  assert.equal(spec!.ref, { tag: "1.2.0" });
  const [entry] = JSON.parse(metadata.annotations!["headwind.sh/update-history"]!);
  assert.equal([entry.image, entry.previousImage, entry.verified], ["referred:1.2.0", "referred:1.0.0", true]);
  await released(ns, "referred", "1.2.0");
  assert.is(await chartVersion(ns, "referred"), undefined);
});

s("a range is Flux's to move; policy major offers a new one", async () => {
  await publish("ranged", "1.0.0");
  const annotations = { "require-approval": "true" };
  await ns.create(release({ name: "ranged", chart: "ranged", version: "1.x", repository: "shop", annotations }));
  await released(ns, "ranged", "1.0.0");
  await publish("ranged", "1.4.0");
  await publish("ranged", "2.1.0");
  await ns.change("HelmRelease", "ranged", { metadata: { annotations: { "headwind.sh/policy": "major" } } });
  await requestFor(ns, "ranged", "ranged:2.x", phaseIs("Pending"));
  assert.equal((await ns.requests()).filter(({ spec }) => spec.targetRef.name === "ranged").length, 1);
});

s.run();
