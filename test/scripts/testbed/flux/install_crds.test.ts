import { suite } from "uvu";
import * as assert from "uvu/assert";
import { installFluxCrds } from "../../../../scripts/testbed/flux/install_crds.ts";
import { type Cluster, cluster } from "../../../support/cluster.ts";

const s = suite("Flux's CRDs");

let plane: Cluster;
let namespace: string;
s.before(async () => {
  plane = await cluster();
  namespace = await plane.namespace("crds");
});
s.after(() => plane.stop());

const release = (name: string, spec: unknown) => {
  const object = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", metadata: { name, namespace }, spec };
  return plane.kubectl(["create", "-f", "-"], JSON.stringify(object));
};

s("are installed by several at the same time, and again", async () => {
  await Promise.all([installFluxCrds(plane), installFluxCrds(plane), installFluxCrds(plane)]);
  await installFluxCrds(plane);
  const listed = await plane.kubectl(["get", "crd", "-l", "app.kubernetes.io/part-of=flux-testbed", "-o", "name"]);
  assert.equal(listed.trim().split("\n").map((line) => line.split("/")[1]), [
    "helmreleases.helm.toolkit.fluxcd.io",
    "helmrepositories.source.toolkit.fluxcd.io",
    "ocirepositories.source.toolkit.fluxcd.io",
  ]);
});

s("take a release with Flux's defaults, and refuse what Flux refuses", async () => {
  const chart = { spec: { chart: "nginx", sourceRef: { kind: "HelmRepository", name: "charts" } } };
  await release("plain", {
    interval: "1m",
    chart,
    values: { image: { tag: "1" } },
    upgrade: { remediation: { retries: 2 } },
  });
  const { spec, status } = JSON.parse(await plane.kubectl(["-n", namespace, "get", "hr", "plain", "-o", "json"]));
  assert.equal([spec.chart.spec.version, spec.chart.spec.reconcileStrategy], ["*", "ChartVersion"]);
  assert.equal([spec.values, spec.upgrade], [{ image: { tag: "1" } }, { remediation: { retries: 2 } }]);
  assert.equal(status, { observedGeneration: -1 });
  const refused = (spec: unknown) => release("refused", spec).then(() => "", (error: Error) => error.message);
  assert.match(await refused({ interval: "1m" }), "either chart or chartRef must be set");
  const chartRef = { kind: "OCIRepository", name: "nginx" };
  assert.match(await refused({ interval: "1m", chart, chartRef }), "either chart or chartRef must be set");
  assert.match(await refused({ interval: "often", chartRef }), "spec.interval");
  assert.match(await refused({ interval: "1m", chartRef: { ...chartRef, kind: "Secret" } }), "spec.chartRef.kind");
});

s.run();
