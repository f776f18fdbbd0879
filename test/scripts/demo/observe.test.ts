import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeEvent } from "../../../core/kube/events.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { WorkloadView } from "../../../scripts/demo/change.ts";
import { observe, type Pod, type Snapshot } from "../../../scripts/demo/observe.ts";

const s = suite("demo: what is seen in the end");

const image = "127.0.0.1:5000/shop/web:1.3.0";
const pod = (change: Partial<Pod> = {}): Pod => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "app", image }], initContainers: [{ name: "init", image: "init:1" }] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  ...change,
});
const request = (at: string, to: string, change: { container?: string; name?: string } = {}) =>
  ({
    metadata: { name: to, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {
      targetRef: { name: change.name ?? "web" },
      containerName: change.container ?? "app",
      newImage: `shop/web:${to}`,
      sighting: { at },
    },
    status: { phase: "Completed", approvedBy: "system:serviceaccount:shop:ann", message: "it runs" },
  }) as unknown as UpdateRequest;

const snapshot: Snapshot = {
  workloads: [{
    kind: "Deployment",
    name: "web",
    generation: 2,
    images: { app: image },
    annotations: {
      "update-history": JSON.stringify([{
        container: "app",
        image,
        timestamp: "2026-01-01T00:00:00Z",
        verified: true,
      }]),
      held: JSON.stringify([{
        container: "app",
        image: "127.0.0.1:5000/shop/web:1.2.9",
        at: "2026-01-01T00:00:00Z",
        by: "person",
        reason: "",
      }]),
    },
    rollout: { state: "complete", reason: "RolledOut", message: "" },
  }],
  requests: [
    request("2026-01-01T00:00:00.200Z", "1.3.0"),
    request("2026-01-01T00:00:00.100Z", "1.2.9"),
    request("2026-01-01T00:00:00.100Z", "9.0.0", { container: "init" }),
    request("2026-01-01T00:00:00.100Z", "8.0.0", { name: "other" }),
  ],
  warnings: [
    { involvedObject: { name: "web" }, reason: "UpdateUnhealthy" },
    { involvedObject: { name: "web" }, reason: "InvalidAnnotation" },
    { involvedObject: { name: "other" }, reason: "Other" },
  ] as KubeEvent[],
  pods: [],
};

s("version, requests of that container in their order, what is held, and Warnings", () => {
  const by = { phase: "Completed", by: "ann", message: "it runs" };
  assert.equal(observe({ workload: "web", part: "app" }, snapshot), {
    runs: "1.3.0",
    verified: true,
    requests: [{ to: "1.2.9", ...by }, { to: "1.3.0", ...by }],
    held: ["1.2.9, left by a person"],
    warnings: ["InvalidAnnotation", "UpdateUnhealthy"],
    pods: 0,
  });
  assert.is(observe({ workload: "absent", part: "app" }, snapshot).runs, undefined);
});

s("verified is only what runs, and what the history says so of", () => {
  const [view] = snapshot.workloads;
  const seen = (change: Partial<WorkloadView>) =>
    observe({ workload: "web", part: "app" }, { ...snapshot, workloads: [{ ...view!, ...change }] }).verified;
  assert.ok(seen({}));
  assert.not(seen({ images: { app: "127.0.0.1:5000/shop/web:1.2.0" } }));
  assert.not(seen({ annotations: {} }));
  const entry = { container: "app", image, timestamp: "2026-01-01T00:00:00Z" };
  assert.not(seen({ annotations: { "update-history": JSON.stringify([entry]) } }));
});

const counted: [what: string, Pod, count: number][] = [
  ["a ready one", pod(), 1],
  ["one that has run to its end", pod({ status: { phase: "Succeeded" } }), 1],
  ["one that is not ready", pod({ status: { phase: "Running", conditions: [{ type: "Ready", status: "False" }] } }), 0],
  ["one on its way out", pod({ metadata: { labels: { app: "web" }, deletionTimestamp: "2026-01-01T00:00:00Z" } }), 0],
  ["one of another workload", pod({ metadata: { labels: { app: "other" } } }), 0],
  ["one of another image", pod({ spec: { containers: [{ name: "app", image: `${image}-rc.1` }] } }), 0],
];
for (const [what, one, count] of counted) {
  s(`of pods ${what} counts ${count}`, () => {
    assert.is(observe({ workload: "web", part: "app" }, { ...snapshot, pods: [one] }).pods, count);
  });
}

const chartPod = (labels: Record<string, string>, ...images: string[]): Pod =>
  pod({ metadata: { labels }, spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } });
const released: [what: string, Pod, count: number][] = [
  ["a ready one", chartPod({ "app.kubernetes.io/instance": "portal" }, "registry.example/portal:1.3.0"), 1],
  [
    "one of the version before",
    chartPod({ "app.kubernetes.io/instance": "portal" }, "registry.example/portal:1.2.0"),
    0,
  ],
  ["one of another release", chartPod({ "app.kubernetes.io/instance": "other" }, "registry.example/portal:1.3.0"), 0],
  ["one that is not Helm's", chartPod({ app: "portal" }, "registry.example/portal:1.3.0"), 0],
];
for (const [what, one, count] of released) {
  s(`of a release's pods ${what} counts ${count}`, () => {
    const [view] = snapshot.workloads;
    const portal = { ...view!, kind: "HelmRelease", name: "portal", images: { chart: "portal:1.3.0" } };
    const seen = observe({ workload: "portal", part: "chart" }, { ...snapshot, workloads: [portal], pods: [one] });
    assert.equal([seen.runs, seen.pods], ["1.3.0", count]);
  });
}

s.run();
