import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Cluster, cluster } from "../support/cluster.ts";
import deployment from "../../plugins/workloads/deployment.ts";
import { deployment as manifestOf } from "../e2e/manifests.ts";
import { failedChecks } from "./checks.ts";
import type { KubeObject } from "./workload_place.ts";
import { workloadChecks, type WorkloadFixtures } from "./workload.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";

const s = suite("the checks of workloads");
let plane: Cluster;
s.before(async () => {
  plane = await cluster();
});
s.after(() => plane.stop());

const failed = (changes: Partial<WorkloadPlugin>, fixtures: Partial<WorkloadFixtures> = {}) =>
  failedChecks(workloadChecks({ ...deployment, ...changes }, {
    kubeconfig: () => plane.kubeconfig,
    manifest: manifestOf({ name: "web", image: "nginx:1.27" }) as unknown as KubeObject,
    containers: { app: "nginx:1.27" },
    ...fixtures,
  }));

const known = "the API server knows its resource by this group, version, plural and kind";
const found = "an object is found, with all its containers where its pointers say";
const moved = "each container can be moved by a patch, and nothing else moves";
const kept = "a container that was changed in between is not overwritten";
const forgotten = "an object that is deleted is forgotten";

s("a sound plugin passes all", async () => assert.equal(await failed({}), []));

s("each fault is found", async () => {
  const { resource } = deployment;
  assert.equal(await failed({ resource: { ...resource, kind: "Deploy" } }), [known]);
  for (const wrong of [{ plural: "deployment" }, { group: "extensions" }, { version: "v1beta1" }]) {
    assert.equal(await failed({ resource: { ...resource, ...wrong } }), [known, found, moved, kept, forgotten]);
  }
  const misses = await failed({ podTemplate: "/spec/jobTemplate/spec/template" });
  for (const name of [found, kept]) assert.ok(misses.includes(name), `${name} is not among ${misses}`);
  assert.equal(await failed({}, { initContainers: { wait: "busybox" } }), [found]);
});

s.run();
