import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Actor } from "../../../scripts/demo/chapter.ts";
import { repositoryManifest } from "../../../scripts/demo/charts.ts";
import { imagesOf, manifest } from "../../../scripts/demo/manifests.ts";
import { partsOf } from "../../../scripts/demo/parts.ts";

const s = suite("demo: its objects");

const image = (short: string) => `127.0.0.1:5000/shop/${short}`;
const deployment: Actor = {
  kind: "Deployment",
  name: "web",
  containers: { app: "web:1.2.0" },
  initContainers: { schema: "schema:4.0.1" },
  annotations: { policy: "minor" },
};
const release: Actor = {
  kind: "HelmRelease",
  name: "portal",
  chart: "door:1.2.0",
  replicas: 2,
  annotations: { policy: "minor", soak: "7" },
};

s("what has a version", () => {
  assert.equal(partsOf(deployment), { app: "web:1.2.0", schema: "schema:4.0.1" });
  assert.equal(imagesOf(deployment).sort(), ["schema:4.0.1", "web:1.2.0"]);
  assert.equal(partsOf(release), { chart: "door:1.2.0" });
  assert.equal(imagesOf(release), []);
});

s("a workload of pods", () => {
  const { apiVersion, spec } = manifest(deployment, image) as { apiVersion: string; spec: Record<string, unknown> };
  assert.is(apiVersion, "apps/v1");
  assert.is(spec.replicas, 1);
  const { spec: pod } = spec.template as { spec: Record<string, unknown> };
  assert.equal(pod.containers, [{ name: "app", image: image("web:1.2.0") }]);
  assert.equal(pod.initContainers, [{ name: "schema", image: image("schema:4.0.1") }]);
});

s("a release takes its chart from the one HelmRepository, which is in the demo's registry", () => {
  const { metadata, spec, kind } = manifest(release, image) as Record<string, Record<string, unknown>>;
  const repository = repositoryManifest("127.0.0.1:5000") as { metadata: { name: string }; spec: { url: string } };
  assert.is(kind, "HelmRelease");
  assert.equal(spec!.chart, {
    spec: { chart: "door", version: "1.2.0", sourceRef: { kind: "HelmRepository", name: repository.metadata.name } },
  });
  assert.equal(spec!.values, { replicas: 2 });
  assert.equal(metadata!.annotations, {
    "headwind.sh/min-update-interval": "0",
    "headwind.sh/soak": "7",
    "headwind.sh/policy": "minor",
  });
  assert.is(repository.spec.url, "oci://127.0.0.1:5000/shop/charts");
});

s.run();
