import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { applyPatch } from "../../../core/lifecycle/patch.ts";
import { type Cluster, cluster } from "../../support/cluster.ts";
import { createKubeClient } from "../../../core/kube/client.ts";
import { createWorkloadIndex } from "../../../core/workloads/workload_index.ts";
import { createWorkloadInformer } from "../../../core/workloads/informer.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { installFluxCrds } from "../../../scripts/testbed/flux/install_crds.ts";
import type { KubeObject } from "../../e2e/manifests.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { createNamespace, type TestNamespace } from "../../support/test_namespace.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { startProxy, until } from "../kube/proxy.ts";

const s = suite("HelmReleases and what they refer to");
let plane: Cluster;
let ns: TestNamespace;
s.before(async () => {
  plane = await cluster();
  await installFluxCrds(plane);
});
s.before.each(async () => {
  ns = await createNamespace(plane, "releases");
});
s.after(() => plane.stop());
const ends: (() => unknown)[] = [];
s.after.each(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  ns.close();
});

const object = (apiVersion: string, kind: string, name: string, spec: object, annotations = {}) =>
  ({ apiVersion, kind, metadata: { name, annotations }, spec: { interval: "1m", ...spec } }) as unknown as KubeObject;
const source = (kind: string, name: string, spec: object) => object("source.toolkit.fluxcd.io/v1", kind, name, spec);
const repository = (name: string, url = `https://${name}.example.com`) => source("HelmRepository", name, { url });
const release = (name: string, spec: object, annotations = {}) =>
  object("helm.toolkit.fluxcd.io/v2", "HelmRelease", name, spec, { "headwind.sh/policy": "minor", ...annotations });
const ofChart = (name: string, namespace?: string) => ({
  chart: {
    spec: {
      chart: "podinfo",
      version: "6.3.0",
      sourceRef: { kind: "HelmRepository", name, ...(namespace ? { namespace } : {}) },
    },
  },
});

async function office(others: string[] = []) {
  const namespaces = [ns.namespace, ...others];
  const proxy = await startProxy(plane.kubeconfig);
  const path = join(plane.dir, `releases-${crypto.randomUUID()}`);
  await writeFile(path, proxy.kubeconfig);
  const connection = await loadKubeConfig({ KUBECONFIG: path });
  const index = createWorkloadIndex();
  const told: string[] = [];
  const workloads = createWorkloadInformer({
    client: createKubeClient(connection),
    plugins: [helmrelease],
    index,
    namespaces,
    project: { pollingInterval: 300, crossNamespace: { isOn: true, namespaces } },
    onChange: (key) => void told.push(key.split("/")[2]!),
    onError: () => {},
  });
  ends.push(() => proxy.close(), () => connection.close(), () => workloads.stop());
  workloads.start();
  await workloads.synced();
  const kept = (name: string) => index.get(`HelmRelease.helm.toolkit.fluxcd.io/${ns.namespace}/${name}`);
  return {
    proxy,
    index,
    told,
    kept,
    source: workloads,
    notes: (name: string) => kept(name)?.notes.map(({ reason }) => reason).join(),
    slotRefs: (repository: string) => index.slotsOf(repository).map(({ workload }) => workload.name),
  };
}
const target = (name: string) => ({
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  namespace: ns.namespace,
  name,
});

s("none is seen without its repository, and it follows it as it comes, changes and goes", async () => {
  await ns.create(repository("first"));
  await ns.create(release("early", ofChart("first")));
  const { kept, notes, slotRefs, told } = await office();
  assert.equal(slotRefs("https://first.example.com/podinfo"), ["early"]);
  assert.equal(told, ["early"], "it was never seen without");
  await ns.create(release("late", ofChart("second")));
  await until("its repository is missed", () => notes("late") === "SourceNotFound");
  assert.is(kept("late")!.slots[0]!.source, undefined);
  await ns.create(repository("second"));
  await until("it has come", () => slotRefs("https://second.example.com/podinfo").length === 1);
  assert.is(notes("late"), "");
  await ns.change("HelmRepository", "second", { spec: { url: "oci://reg.example/charts" } });
  await until("it has moved", () => slotRefs("reg.example/charts/podinfo").length === 1);
  assert.equal(slotRefs("https://second.example.com/podinfo"), []);
  await ns.remove(repository("second"));
  await until("it is gone", () => notes("late") === "SourceNotFound");
  await ns.remove(release("late", {}));
  await until("the release is gone", () => kept("late") === undefined);
});

s("a repository of another namespace is followed while it allows that", async () => {
  const infra = await createNamespace(plane, "infra");
  ends.push(() => infra.close());
  const consent = (text: string | null) => ({ metadata: { annotations: { "headwind.sh/allow-from": text } } });
  await infra.create(repository("shared"));
  const { kept, notes, slotRefs } = await office([infra.namespace]);
  await ns.create(release("web", ofChart("shared", infra.namespace)));
  await until("it is refused", () => notes("web") === "CrossNamespace");
  assert.is(kept("web")!.slots[0]!.source, undefined, "neither its URL nor its login is used");
  await infra.change("HelmRepository", "shared", consent(`else, ${ns.namespace}`));
  await until("it is found", () => slotRefs("https://shared.example.com/podinfo").length === 1);
  assert.is(kept("web")!.slots[0]!.source!.namespace, infra.namespace);
  await infra.change("HelmRepository", "shared", { spec: { url: "https://new.example.com" } });
  await until("it is followed", () => slotRefs("https://new.example.com/podinfo").length === 1);
  await infra.change("HelmRepository", "shared", consent(null));
  await until("it is let go", () => notes("web") === "CrossNamespace");
  assert.is(kept("web")!.slots[0]!.source, undefined);
});

s("an OCIRepository of another namespace is patched only while it allows that", async () => {
  const infra = await createNamespace(plane, "infra");
  ends.push(() => infra.close());
  const shared = source("OCIRepository", "shared", { url: "oci://reg.example/charts/podinfo", ref: { tag: "1.0.0" } });
  await infra.create({
    ...shared,
    metadata: { ...shared.metadata, annotations: { "headwind.sh/allow-from": ns.namespace } },
  });
  const { kept, slotRefs, source: workloads, proxy } = await office([infra.namespace]);
  await ns.create(
    release("web", { chartRef: { kind: "OCIRepository", name: "shared", namespace: infra.namespace } }),
  );
  await until("it is found", () => slotRefs("reg.example/charts/podinfo").length === 1);
  await until("the watches are open", () => proxy.watches() === 6);
  proxy.silenceWatches();
  const workload = kept("web")!;
  const request = requestOf({ container: "chart", newImage: "podinfo:1.1.0", currentImage: "podinfo:1.0.0" });
  const operations = applyPatch(request, workload, [workload.slots[0]!], new Date());
  await infra.change("OCIRepository", "shared", { metadata: { annotations: { "headwind.sh/allow-from": null } } });
  const status = await workloads.patch(workload, operations).then(() => undefined, (error) => error.status);
  assert.is(status, 422, "the consent is tested by the write itself");
  const read = await workloads.read(target("web"));
  assert.equal(typeof read === "object" && [read.slots, read.carrier], [[], undefined]);
  const stored = await infra.workload("OCIRepository", "shared") as unknown as { spec: { ref: object } };
  assert.equal(stored.spec.ref, { tag: "1.0.0" });
});

s("what is told late of a release does not make it follow what it referred to before", async () => {
  for (const name of ["old", "new"]) await ns.create(repository(name));
  const before = await ns.create(release("web", ofChart("old")));
  const { proxy, kept, slotRefs, source } = await office();
  await until("the watches are open", () => proxy.watches() === 3);
  await ns.change("HelmRelease", "web", { spec: ofChart("new") });
  await until("it is seen", () => slotRefs("https://new.example.com/podinfo").length === 1);
  proxy.silenceWatches();
  await ns.change("HelmRelease", "web", { metadata: { annotations: { "headwind.sh/held": "[]" } } });
  await source.read(target("web"));
  assert.is(kept("web")!.annotations.held, "[]");
  const marker = { ...before, metadata: { ...before.metadata, name: "marker", uid: "m" } };
  for (const object of [before, marker]) proxy.tellWatches({ type: "MODIFIED", object });
  await until("it is heard", () => kept("marker") !== undefined);
  assert.is(kept("web")!.slots[0]!.source!.url, "https://new.example.com");
  const moved = await ns.change("HelmRepository", "new", { spec: { url: "https://moved.example.com" } });
  proxy.tellWatches({ type: "MODIFIED", object: moved });
  await until("it follows the new one", () => kept("web")!.slots[0]!.source!.url === "https://moved.example.com");
});

s("an OCIRepository carries the version: it is patched, and what came of it is known at once", async () => {
  const url = "oci://reg.example/charts/podinfo";
  await ns.create(source("OCIRepository", "podinfo", { url, ref: { tag: "6.3.0_a" } }));
  await ns.create(release("web", { chartRef: { kind: "OCIRepository", name: "podinfo" } }));
  const { kept, slotRefs, source: workloads, proxy } = await office();
  assert.equal(slotRefs("reg.example/charts/podinfo"), ["web"]);
  await until("the watches are open", () => proxy.watches() === 3);
  proxy.silenceWatches();
  const workload = kept("web")!;
  const [slot] = workload.slots;
  assert.is(slot!.current, "podinfo:6.3.0+a");
  const request = requestOf({ container: "chart", newImage: "podinfo:6.4.0+b", currentImage: slot!.current });
  const operations = applyPatch(request, workload, [slot!], new Date());
  const patched = await workloads.patch(workload, operations);
  assert.is(patched.slots[0]!.current, "podinfo:6.4.0+b");
  assert.is(kept("web")!.slots[0]!.current, "podinfo:6.4.0+b", "without that the watch has told it");
  assert.match(patched.annotations.history ?? "", "podinfo:6.4.0+b");
  const stored = await ns.workload("OCIRepository", "podinfo") as unknown as { spec: { ref: object } };
  assert.equal(stored.spec.ref, { tag: "6.4.0_b" });
  const again = await workloads.patch(workload, operations).then(
    () => undefined,
    (error: { status: number }) => error.status,
  );
  assert.is(again, 422, "it was decided on what is not there any more");
  await ns.change("OCIRepository", "podinfo", { spec: { ref: { tag: "6.5.0" } } });
  const read = await workloads.read(target("web"));
  assert.is(typeof read === "object" && read.slots[0]!.current, "podinfo:6.5.0", "what is read is read of both");
});

s("a release that asks for nothing is not kept, nor what it refers to followed", async () => {
  await ns.create(repository("charts"));
  const plain = release("plain", ofChart("charts"));
  await ns.create({ ...plain, metadata: { name: "plain" } } as unknown as KubeObject);
  const { kept, source, told } = await office();
  const read = await source.read(target("plain"));
  assert.is(typeof read === "object" && read.slots[0]!.current, "podinfo:6.3.0", "whoever asks gets it");
  assert.is(kept("plain"), undefined);
  await ns.change("HelmRepository", "charts", { spec: { url: "https://new.example.com" } });
  await ns.create(release("marker", ofChart("charts")));
  await until("it is heard", () => kept("marker") !== undefined);
  assert.equal(told.filter((name) => name === "plain"), []);
});

s.run();
