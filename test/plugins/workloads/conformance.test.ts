import { type Cluster, cluster } from "../../support/cluster.ts";
import { conformance, type KubeObject, type WorkloadFixtures } from "../../conformance/mod.ts";
import { workload as manifestOf, type WorkloadKind } from "../../e2e/manifests.ts";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import daemonset from "../../../plugins/workloads/daemonset.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";
import replicationcontroller from "../../fixtures/plugins/replicationcontroller.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";

let starting: Promise<Cluster> | undefined;
const kubeconfig = async () => (await (starting ??= cluster())).kubeconfig;

const containers = { app: "registry.example:5000/team/app:1.0.0", proxy: "nginx:1.27" };
const initContainers = { migrate: "registry.example:5000/team/migrate:1.0.0", wait: "busybox" };
const listed = (images: Record<string, string>) => Object.entries(images).map(([name, image]) => ({ name, image }));
const pod = { containers: listed(containers), initContainers: listed(initContainers) };

const builtIn = (plugin: WorkloadPlugin): [WorkloadPlugin, KubeObject] => [
  plugin,
  manifestOf(plugin.resource.kind as WorkloadKind, { name: "web", ...pod }) as unknown as KubeObject,
];
const labels = { app: "web" };
const stranger: [WorkloadPlugin, KubeObject] = [replicationcontroller, {
  apiVersion: "v1",
  kind: "ReplicationController",
  metadata: { name: "web" },
  spec: { replicas: 0, selector: labels, template: { metadata: { labels }, spec: pod } },
}];

for (const [plugin, manifest] of [...[deployment, statefulset, daemonset, cronjob].map(builtIn), stranger]) {
  const fixtures: WorkloadFixtures = { kubeconfig, manifest, containers, initContainers };
  const s = conformance(plugin, fixtures);
  if (plugin === replicationcontroller) s.after(async () => await (await starting)?.stop());
  s.run();
}
