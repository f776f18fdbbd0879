import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import daemonset from "../../../plugins/workloads/daemonset.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";
import { type Cluster, cluster } from "../../support/cluster.ts";
import { createWorkloadIndex, type WorkloadIndex } from "../../../core/workloads/workload_index.ts";
import { createWorkloadInformer, type WorkloadInformer } from "../../../core/workloads/informer.ts";
import { createKubeClient } from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { createNamespace, type TestNamespace } from "../../support/test_namespace.ts";
import { startProxy, until } from "../kube/proxy.ts";
import { type KubeObject, workload, type WorkloadKind } from "../../e2e/manifests.ts";

const s = suite("source of workloads");
let plane: Cluster;
let ns: TestNamespace;
let index: WorkloadIndex;
let source: WorkloadInformer;
/** What was told, with how far the workload was then. */
const told: string[] = [];

s.before(async () => {
  plane = await cluster();
  ns = await createNamespace(plane, "source");
  index = createWorkloadIndex();
  source = createWorkloadInformer({
    client: ns.kube,
    plugins: [deployment, statefulset, daemonset, cronjob],
    index,
    namespaces: [ns.namespace],
    project: { pollingInterval: 300 },
    onChange: (key) => told.push(`${key.split("/")[2]} ${index.get(key)?.rollout.state ?? "gone"}`),
    onError: (error) => console.error(error),
  });
  source.start();
  await source.synced();
});
s.after(async () => {
  await source.stop();
  ns.close();
  await plane.stop();
});

const ends: (() => Promise<void>)[] = [];
s.after.each(async () => {
  for (const end of ends.splice(0)) await end();
});

const kept = (kind: WorkloadKind, name: string) => index.get(`${kind}/${ns.namespace}/${name}`);
const rollout = (kind: WorkloadKind, name: string, state: string) =>
  until(`${name} is ${state}`, () => kept(kind, name)?.rollout.state === state);
const toldOf = (name: string) => told.filter((line) => line.split(" ")[0] === name);
const quiet = () =>
  until("it is quiet", async () => {
    const before = told.length;
    await new Promise((done) => setTimeout(done, 300));
    return told.length === before;
  });

s("a workload whose policy is misspelt is kept with what is wrong, and let go when that is gone", async () => {
  const { metadata, ...object } = workload("Deployment", { name: "misspelt", image: "app:1.0.0" });
  await ns.create({ ...object, metadata: { ...metadata, annotations: { "headwind.sh/polcy": "minor" } } });
  await until("it is kept", () => kept("Deployment", "misspelt") !== undefined);
  const { settings, warnings } = kept("Deployment", "misspelt")!;
  assert.is(settings, undefined);
  assert.match(warnings[0]!.message, "is headwind.sh/policy meant?");
  await ns.change("Deployment", "misspelt", { metadata: { annotations: { "headwind.sh/polcy": null } } });
  await until("it is let go", () => kept("Deployment", "misspelt") === undefined);
});

for (const kind of ["Deployment", "StatefulSet", "DaemonSet"] as const) {
  s(`the rollout of a ${kind} is seen from its change to its end`, async () => {
    const name = kind.toLowerCase();
    await ns.create(workload(kind, { name, image: "app:1.0.0", replicas: 3 }));
    await rollout(kind, name, "complete");
    await quiet();
    told.length = 0;
    const patch = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "app:1.1.0" }] as const;
    const patched = await source.patch(kept(kind, name)!, patch);
    assert.is(patched.rollout.state, "progressing");
    await rollout(kind, name, "complete");
    assert.is(kept(kind, name)!.slots[0]!.current, "app:1.1.0");
    await quiet();
    const seen = toldOf(name);
    assert.is(seen[0], `${name} progressing`);
    assert.is(seen.at(-1), `${name} complete`);
    assert.equal(kept(kind, name)!.podSelector, { matchLabels: { app: name } });
  });
}

s("a CronJob waits for its first Job", async () => {
  await ns.create(workload("CronJob", { name: "tick", image: "app:1.0.0" }));
  await rollout("CronJob", "tick", "waiting");
  await ns.change("CronJob", "tick", { spec: { schedule: "* * * * *" } });
  await ns.change("CronJob", "tick", { spec: { suspend: true } });
  await rollout("CronJob", "tick", "none");
  assert.is(kept("CronJob", "tick")!.podSelector, undefined);
});

s("a quota that lets no pod in is told, in words that do not change", async () => {
  const quota = { metadata: { name: "no-pods" }, spec: { hard: { "count/pods": "0" } } };
  const path = `/api/v1/namespaces/${ns.namespace}/resourcequotas`;
  const before = await ns.kube.request<{ status?: object }>("POST", path, { body: quota });
  assert.ok(before);
  await until("the quota is in force", async () => {
    const { status } = await ns.kube.request<{ status?: { hard?: object } }>("GET", `${path}/no-pods`);
    return status?.hard !== undefined;
  });
  await ns.create(workload("Deployment", { name: "full", image: "app:1.0.0", replicas: 2 }));
  await until("it says so", () => kept("Deployment", "full")?.rollout.reason === "ReplicaFailure");
  const { message } = kept("Deployment", "full")!.rollout;
  assert.match(message, "exceeded quota: no-pods");
  await quiet();
  assert.is(kept("Deployment", "full")!.rollout.message, message);
  await ns.kube.request("DELETE", `${path}/no-pods`);
});

s("what has not changed is not told, and what a read sees first is", async () => {
  const name = "quiet";
  await ns.create(workload("Deployment", { name, image: "app:1.0.0", replicas: 0 }));
  await rollout("Deployment", name, "none");
  await quiet();
  told.length = 0;
  await ns.change("Deployment", name, { metadata: { labels: { other: "1" } }, spec: { revisionHistoryLimit: 3 } });
  await ns.change("Deployment", name, { metadata: { annotations: { "headwind.sh/held": "[]" } } });
  const target = { apiVersion: "apps/v1", kind: "Deployment", namespace: ns.namespace, name };
  const read = await source.read(target);
  assert.is(typeof read === "object" && read.annotations.held, "[]");
  assert.equal(toldOf(name), [`${name} none`]);
  await source.read(target);
  await quiet();
  assert.equal(toldOf(name), [`${name} none`]);
});

/** A source whose watch tells nothing but what a test says. */
async function silenced(name: string) {
  const proxy = await startProxy(plane.kubeconfig);
  const path = join(plane.dir, `source-${name}`);
  await writeFile(path, proxy.kubeconfig);
  const connection = await loadKubeConfig({ KUBECONFIG: path });
  const own = createWorkloadIndex();
  const silent = createWorkloadInformer({
    client: createKubeClient(connection),
    plugins: [deployment],
    index: own,
    namespaces: [ns.namespace],
    project: { pollingInterval: 300 },
    onChange: () => {},
    onError: (error) => console.error(error),
  });
  ends.push(async () => {
    await silent.stop();
    connection.close();
    proxy.close();
  });
  silent.start();
  await silent.synced();
  await until("the watch is open", () => proxy.watches() === 1);
  proxy.silenceWatches();
  const known = () => own.get(`Deployment/${ns.namespace}/${name}`);
  return {
    known,
    image: () => known()?.slots[0]?.current,
    source: silent,
    /** Resolves when the source has heard of it. */
    async tell(object: KubeObject) {
      const marker = crypto.randomUUID();
      proxy.tellWatches({ type: "MODIFIED", object });
      proxy.tellWatches({ type: "MODIFIED", object: { ...object, metadata: { ...object.metadata, name: marker } } });
      await until("it is heard", () => own.get(`Deployment/${ns.namespace}/${marker}`) !== undefined);
    },
  };
}
const change = (name: string, image: string) =>
  ns.change("Deployment", name, { spec: { template: { spec: { containers: [{ name: "app", image }] } } } });

s("what the watch tells late does not take back what a patch was answered", async () => {
  const name = "late-watch";
  const before = await ns.create(workload("Deployment", { name, image: "app:1.0.0" }));
  const { source, known, image, tell } = await silenced(name);
  const path = "/spec/template/spec/containers/0/image";
  await source.patch(known()!, [{ op: "replace", path, value: "app:1.1.0" }]);
  assert.is(image(), "app:1.1.0");
  await tell(before);
  assert.is(image(), "app:1.1.0");
  await tell(await change(name, "app:1.2.0"));
  assert.is(image(), "app:1.2.0");
});

s("an answer that comes late does not take back what the watch has told", async () => {
  const name = "late-answer";
  await ns.create(workload("Deployment", { name, image: "app:1.0.0" }));
  const { source, image, tell } = await silenced(name);
  const next = await change(name, "app:1.1.0");
  await tell({ ...next, metadata: { ...next.metadata, resourceVersion: `${next.metadata.resourceVersion}0` } });
  await change(name, "app:1.2.0");
  const target = { apiVersion: "apps/v1", kind: "Deployment", namespace: ns.namespace, name };
  const read = await source.read(target);
  assert.is(typeof read === "object" && read.slots[0]!.current, "app:1.2.0", "whoever asked gets it");
  assert.is(image(), "app:1.1.0");
});

s.run();
