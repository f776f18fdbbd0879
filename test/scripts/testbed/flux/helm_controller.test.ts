// timeout: 240
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeCharts } from "../../../../scripts/testbed/charts/make_chart.ts";
import { pushChart } from "../../../../scripts/testbed/charts/push_chart.ts";
import type { OCIRepository } from "../../../../scripts/testbed/flux/types.ts";
import type { Registry } from "../../../../scripts/testbed/registry.ts";
import { registry } from "../../../support/registry.ts";
import { type Bed, conditionOf, failed, isReady, observed, startBed, tell } from "./bed.ts";

const s = suite("the stand-in for Flux's helm-controller");

let bed: Bed;
let namespace: string;
let oci: Registry;

s.before(async () => {
  bed = await startBed([
    { name: "nginx", version: "1.0.0" },
    { name: "nginx", version: "1.1.0", values: { image: { tag: "1.1.0" } } },
    { name: "nginx", version: "2.0.0" },
  ]);
  namespace = bed.namespace;
  oci = await registry();
  for (const archive of bed.archives) await pushChart(archive, oci.host, { path: namespace });
});
s.after(async () => {
  await bed?.stop();
  await oci?.stop();
});

s("installs, and upgrades when the version changes", async () => {
  await bed.release("web", "1.0.0");
  const installed = await bed.until("web", "is ready", isReady);
  const message = `Helm install succeeded for release ${namespace}/web.v1 with chart nginx@1.0.0`;
  const told = { status: "True" as const, reason: "InstallSucceeded", message, observedGeneration: 1 };
  assert.equal(tell(conditionOf(installed, "Ready")!), told);
  assert.equal(tell(conditionOf(installed, "Released")!), told);
  assert.is(conditionOf(installed, "Reconciling"), undefined);
  assert.is(installed.status!.lastAttemptedRevision, "1.0.0");
  assert.is(installed.status!.lastAttemptedReleaseAction, "install");
  assert.is(installed.status!.helmChart, `${namespace}/${namespace}-web`);

  await bed.release("web", "1.1.0");
  const { status } = await bed.until("web", "is upgraded", isReady);
  assert.equal(
    status!.history!.map((
      { version, status, chartVersion, appVersion },
    ) => [version, status, chartVersion, appVersion]),
    [[2, "deployed", "1.1.0", "1.1.0"], [1, "superseded", "1.0.0", "1.0.0"]],
  );
  assert.equal([status!.lastAttemptedRevision, status!.lastAttemptedGeneration], ["1.1.0", 2]);
  const image = "jsonpath={.spec.template.spec.containers[0].image}";
  assert.is(
    await bed.plane.kubectl(["-n", namespace, "get", "deploy", "web", "-o", image]),
    "registry.example/nginx:1.1.0",
  );
  const [head, row] = (await bed.plane.kubectl(["-n", namespace, "get", "helmreleases", "web"])).trim().split("\n");
  assert.match(head!, /^NAME +AGE +READY +STATUS$/);
  assert.match(row!, `Helm upgrade succeeded for release ${namespace}/web.v2 with chart nginx@1.1.0`);
});

s("nothing is done while it is suspended", async () => {
  await bed.release("held", "1.0.0");
  await bed.until("held", "is ready", isReady);
  await bed.release("held", "1.1.0", { suspend: true });
  const { status } = await bed.until("held", "is seen", observed);
  assert.equal([status!.lastAttemptedRevision, status!.lastAttemptedGeneration], ["1.0.0", 1]);
  await bed.release("held", "1.1.0");
  const resumed = await bed.until("held", "is upgraded", isReady);
  assert.is(resumed.status!.lastAttemptedRevision, "1.1.0");
});

s("a range is the highest version within, also of one that is published later", async () => {
  await bed.release("ranged", "~1.0.0");
  const found = await bed.until("ranged", "is ready", isReady);
  assert.is(found.status!.lastAttemptedRevision, "1.0.0");
  await bed.repository.publish(...await makeCharts([{ name: "nginx", version: "1.0.7" }], bed.dir));
  await bed.plane.kubectl([
    "-n",
    namespace,
    "annotate",
    "helmrepository/charts",
    `reconcile.fluxcd.io/requestedAt=${performance.now()}`,
  ]);
  await bed.until(
    "ranged",
    "is moved",
    (release) => isReady(release) && release.status!.lastAttemptedRevision === "1.0.7",
  );
});

s("a repository that is not there, and a version that is not in it, are a source that is not ready", async () => {
  const sourceRef = { kind: "HelmRepository", name: "nowhere" };
  await bed.release("homeless", "1.0.0", { chart: { spec: { chart: "nginx", version: "1.0.0", sourceRef } } });
  const homeless = await bed.until("homeless", "says so", failed("SourceNotReady"));
  const head = (name: string) => `HelmChart '${namespace}/${namespace}-${name}' is not ready: `;
  const missing = 'failed to get source: HelmRepository.source.toolkit.fluxcd.io "nowhere" not found';
  assert.is(conditionOf(homeless, "Ready")!.message, head("homeless") + missing);
  assert.is(homeless.status!.observedGeneration, -1);
  await bed.release("absent", "9.9.9");
  const absent = await bed.until("absent", "says so", failed("SourceNotReady"));
  const invalid = "invalid chart reference: failed to get chart version for remote reference: ";
  const none = "no 'nginx' chart with version matching '9.9.9' found";
  assert.is(conditionOf(absent, "Ready")!.message, head("absent") + invalid + none);
});

s("an OCIRepository: the revision is the version with the digest", async () => {
  const spec = { url: `oci://${oci.host}/${namespace}/nginx`, interval: "1h", insecure: true };
  await bed.apply("source.toolkit.fluxcd.io/v1", "OCIRepository", "nginx", { ...spec, ref: { tag: "1.0.0" } });
  await bed.apply("helm.toolkit.fluxcd.io/v2", "HelmRelease", "by-ref", {
    interval: "1h",
    timeout: "20s",
    chartRef: { kind: "OCIRepository", name: "nginx" },
  });
  const first = await bed.until("by-ref", "is ready", isReady);
  const source = await bed.get<OCIRepository>("nginx", "ocirepository");
  const { revision } = source.status!.artifact!;
  assert.match(revision, /^1\.0\.0@sha256:[0-9a-f]{64}$/);
  assert.is(conditionOf(source, "Ready")!.message, `stored artifact for digest '${revision}'`);
  const digest = revision.split("@")[1]!;
  assert.is(first.status!.lastAttemptedRevision, `1.0.0+${digest.slice("sha256:".length, "sha256:".length + 12)}`);
  assert.is(first.status!.lastAttemptedRevisionDigest, digest);
  assert.equal([first.status!.history![0]!.ociDigest, first.status!.helmChart], [digest, undefined]);

  await bed.apply("source.toolkit.fluxcd.io/v1", "OCIRepository", "nginx", {
    ...spec,
    ref: { semver: ">=1.0.0 <1.2.0" },
  });
  const moved = await bed.until(
    "by-ref",
    "is moved",
    (release) => /^1\.1\.0\+/.test(release.status?.lastAttemptedRevision ?? ""),
  );
  assert.is(moved.metadata.generation, 1);
  await bed.until(
    "by-ref",
    "is ready again",
    (release) => isReady(release) && release.status!.history![0]!.version === 2,
  );
});

s("a HelmRepository of type oci has no status, and its charts are released", async () => {
  const spec = { url: `oci://${oci.host}/${namespace}`, type: "oci", insecure: true };
  await bed.apply("source.toolkit.fluxcd.io/v1", "HelmRepository", "registry", spec);
  const sourceRef = { kind: "HelmRepository", name: "registry" };
  await bed.release("from-oci", "1.1.0", { chart: { spec: { chart: "nginx", version: "1.1.0", sourceRef } } });
  const { status } = await bed.until("from-oci", "is ready", isReady);
  assert.is(status!.lastAttemptedRevision, "1.1.0");
  const source = await bed.get("registry", "helmrepository");
  assert.is(conditionOf(source, "Ready"), undefined);
});

s("a dependency that is not ready keeps a release waiting", async () => {
  const dependsOn = [{ name: "base" }];
  await bed.release("waits", "1.0.0", { dependsOn });
  const waiting = await bed.until("waits", "waits", failed("DependencyNotReady"));
  assert.match(conditionOf(waiting, "Ready")!.message, `unable to get '${namespace}/base' dependency`);
  await bed.release("base", "1.0.0");
  await bed.until("waits", "is ready", isReady);
});

s("a deleted one is uninstalled", async () => {
  await bed.release("gone", "1.0.0");
  await bed.until("gone", "is ready", isReady);
  await bed.plane.kubectl(["-n", namespace, "delete", "helmrelease", "gone", "--timeout=30s"]);
  const left = await bed.plane.kubectl(["-n", namespace, "get", "deploy", "gone", "--ignore-not-found"]);
  assert.is(left, "");
});

s.run();
