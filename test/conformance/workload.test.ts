import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Cluster, cluster } from "../support/cluster.ts";
import deployment from "../../plugins/workloads/deployment.ts";
import { deployment as manifestOf } from "../e2e/manifests.ts";
import { failedChecks } from "./checks.ts";
import helmrelease from "../../plugins/workloads/helmrelease.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import type { KubeObject } from "./workload_place.ts";
import { workloadChecks, type WorkloadFixtures } from "./workload.ts";
import type { FindObject, LabelSelector, Rollout, Slot, WorkloadPlugin } from "../../core/plugin.ts";

const s = suite("the checks of workloads");
let plane: Cluster;
s.before(async () => {
  plane = await cluster();
  await installFluxCrds(plane);
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
const found = "an object is found, with all its slots where their pointers say";
const moved = "each slot can be moved by a patch, and nothing else moves";
const kept = "a slot that was changed in between is not overwritten";
const forgotten = "an object that is deleted is forgotten";
const read = "rollout: any object has one, read without a change of it, and the same each time";
const rolled = "rollout: right after a change nothing is complete, nor failed";
const selected = "podSelector: where there is one it selects pods of its template, and no others";

s("a sound plugin passes all", async () => assert.equal(await failed({}), []));

s("each fault is found", async () => {
  const { resource } = deployment;
  assert.equal(await failed({ resource: { ...resource, kind: "Deploy" } }), [known]);
  for (const wrong of [{ plural: "deployment" }, { group: "extensions" }, { version: "v1beta1" }]) {
    const all = [known, found, moved, kept, forgotten, rolled, selected];
    assert.equal(await failed({ resource: { ...resource, ...wrong } }), all);
  }
  const misses = await failed({ podTemplate: "/spec/jobTemplate/spec/template" });
  for (const name of [found, kept]) assert.ok(misses.includes(name), `${name} is not among ${misses}`);
  assert.equal(await failed({}, { initContainers: { wait: "busybox" } }), [found]);
});

s("each fault of a rollout is found", async () => {
  const done = { state: "complete", reason: "Done", message: "all is done" } as const;
  let count = 0;
  const faults: [string, WorkloadPlugin["rollout"], string[]][] = [
    ["throws", (object) => (object as { no: { such: Rollout } }).no.such, [read]],
    ["no state", () => ({ ...done, state: "done" as "complete" }), [read, rolled]],
    ["a sentence for a reason", () => ({ ...done, state: "none", reason: "all is done" }), [read]],
    ["a full stop", () => ({ ...done, state: "none", message: "all is done." }), [read]],
    ["a time that is none", () => ({ ...done, state: "none", at: "today" }), [read]],
    ["another each time", () => ({ ...done, state: "none", message: `all is done ${count++}` }), [read]],
    ["changes what it reads", (object) => {
      if (typeof object === "object" && object) (object as { seen?: true }).seen = true;
      return { ...done, state: "none" };
    }, [read]],
    ["always complete", () => done, [rolled]],
    ["frozen", () => Object.freeze({ ...done, state: "none" as const }), []],
  ];
  for (const [fault, rollout, names] of faults) assert.equal(await failed({ rollout }), names, fault);
});

const keeps = "keep: what is kept of an object gives the same slots and rollout";

s("each fault of a plugin with slots of its own is found", async () => {
  const sourceRef = { kind: "HelmRepository", name: "charts" };
  const chart = { spec: { chart: "podinfo", version: "6.3.0", sourceRef } };
  const fixtures: WorkloadFixtures = {
    kubeconfig: () => plane.kubeconfig,
    manifest: {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "web", annotations: { "headwind.sh/values-images": "image:tag" } },
      spec: { interval: "1m", chart, values: { image: "app", tag: "1.0.0" } },
    },
    related: [{
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "HelmRepository",
      metadata: { name: "charts" },
      spec: { url: "https://charts.example.com" },
    }],
    slots: { "chart": "podinfo:6.3.0", "values.tag": "app:1.0.0" },
  };
  const failed = (changes: Partial<WorkloadPlugin>) =>
    failedChecks(workloadChecks({ ...helmrelease, ...changes }, fixtures));
  const changed = (change: (slot: Slot) => Slot) => ({
    slots(object: unknown, find: FindObject) {
      const reading = helmrelease.slots!(object, find);
      return { ...reading, slots: reading.slots.map(change) };
    },
  });
  const keeping = (change: (kept: { spec: Record<string, unknown>; status: object }) => object) => ({
    keep: (object: unknown) => change(helmrelease.keep!(object) as { spec: Record<string, unknown>; status: object }),
  });
  assert.equal(await failed({}), []);
  const faults: [string, Partial<WorkloadPlugin>, string[]][] = [
    ["another pointer", changed((slot) => ({ ...slot, pointer: "/spec/interval" })), [found, moved, kept, rolled]],
    [
      "a guard that does not hold",
      changed((slot) => ({ ...slot, guards: [{ pointer: "/spec/interval", value: "x" }] })),
      [found, moved, rolled],
    ],
    ["no source", changed(({ source: _, ...slot }) => slot), [found]],
    ["no notice of its status", keeping(({ spec }) => ({ spec })), [keeps]],
    ["no notice of its values", keeping(({ spec: { values: _, ...spec }, status }) => ({ spec, status })), [
      found,
      keeps,
    ]],
  ];
  for (const [fault, plugin, names] of faults) assert.equal((await failed(plugin)).sort(), [...names].sort(), fault);
});

s("each fault of a selector is found", async () => {
  for (
    const selector of [
      {},
      { matchLabels: { app: "other" } },
      { matchExpressions: [{ key: "app", operator: "Near" }] },
    ] as LabelSelector[]
  ) assert.equal(await failed({ podSelector: () => selector }), [selected], JSON.stringify(selector));
  const { podSelector: _, ...unselecting } = deployment;
  assert.equal(await failed({ ...unselecting, podSelector: () => undefined }), []);
});

s.run();
