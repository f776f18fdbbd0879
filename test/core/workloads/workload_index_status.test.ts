import { suite } from "uvu";
import * as assert from "uvu/assert";
import deployment from "../../../plugins/workloads/deployment.ts";
import { createWorkloadIndex, keyOf } from "../../../core/workloads/workload_index.ts";
import { isEqual } from "../../../core/lib/equal.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";

const s = suite("workloads that are kept");

interface Given {
  name?: string;
  images?: Record<string, string>;
  annotations?: Record<string, string>;
  status?: unknown;
  selector?: unknown;
  plugin?: WorkloadPlugin;
}

function workloadOf(given: Given = {}): Workload {
  const { name = "web", images = { app: "app:1" }, annotations = {}, status, selector, plugin = deployment } = given;
  const all = { "headwind.sh/policy": "minor", ...annotations };
  const containers = Object.entries(images).map(([name, image]) => ({ name, image }));
  const object = {
    metadata: { namespace: "shop", name, uid: `uid-${name}`, annotations: all },
    spec: { replicas: 1, selector: selector ?? { matchLabels: { app: name } }, template: { spec: { containers } } },
    status,
  };
  return projectWorkload(plugin, JSON.parse(JSON.stringify(object)), { pollingInterval: 300 });
}
const done = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const repository = "docker.io/library/app";

s("equal rollouts are one object", () => {
  const [a, b] = [workloadOf({ status: done }), workloadOf({ name: "other", status: { ...done, readyReplicas: 1 } })];
  assert.is(a.rollout.state, "complete");
  assert.ok(a.rollout === b.rollout);
  assert.ok(Object.isFrozen(a.rollout));
  assert.is.not(workloadOf().rollout, a.rollout);
});

s("the selector and what is held are kept", () => {
  const workload = workloadOf({ annotations: { "headwind.sh/held": "[]" } });
  assert.equal(workload.podSelector, { matchLabels: { app: "web" } });
  assert.is(workload.annotations.held, "[]");
  assert.is(workloadOf().annotations.held, undefined);
  assert.is(workloadOf({ selector: { matchExpressions: [{ key: "a", operator: "Gt" }] } }).podSelector, undefined);
});

s("a plugin that throws, or gives nothing, does not lose the workload", () => {
  const fail = () => {
    throw new Error("no such field");
  };
  for (const rollout of [fail, () => undefined as never]) {
    const workload = workloadOf({ plugin: { ...deployment, name: "mine", rollout, podSelector: fail } });
    assert.is(workload.rollout.state, "none");
    assert.is(workload.rollout.reason, "StatusUnreadable");
    assert.match(workload.rollout.message, "workload/mine");
    assert.is(workload.podSelector, undefined);
  }
});

s("equal objects give equal workloads, and any other does not", () => {
  assert.ok(isEqual(workloadOf({ status: done }), workloadOf({ status: { ...done, readyReplicas: 1 } })));
  const others: Given[] = [
    { status: done },
    { images: { app: "app:2" } },
    { images: { app: "app:1", side: "side:1" } },
    { annotations: { "headwind.sh/held": "[]" } },
    { annotations: { "headwind.sh/policy": "patch" } },
    { selector: { matchLabels: { app: "web", tier: "front" } } },
  ];
  for (const other of others) assert.not(isEqual(workloadOf(), workloadOf(other)), JSON.stringify(other));
});

s("equality is that of JSON", () => {
  assert.ok(isEqual({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
  const pairs: [unknown, unknown][] = [
    [{ a: 1 }, { b: 1 }],
    [{ a: undefined }, { b: undefined }],
    [[1], [1, 2]],
    [[], {}],
    [null, {}],
    [1, "1"],
  ];
  for (const [a, b] of pairs) assert.not(isEqual(a, b) || isEqual(b, a), JSON.stringify([a, b]));
});

s("a new status is found by the repository, and its containers are those of before", () => {
  const index = createWorkloadIndex();
  index.set(workloadOf());
  index.set(workloadOf({ name: "other" }));
  const [before] = index.slotsOf(repository);
  index.set(workloadOf({ status: done }));
  const slotRefs = index.slotsOf(repository);
  assert.equal(slotRefs.map(({ workload }) => `${workload.name} ${workload.rollout.state}`), [
    "web complete",
    "other progressing",
  ]);
  assert.ok(slotRefs[0]!.slot === before!.slot);
  assert.ok(index.get("Deployment/shop/web")!.slots[0] === before!.slot);
  assert.is(before!.workload.rollout.state, "progressing", "what was given out does not change");
  assert.is(index.counts().get("deployment"), 2);
});

s("a new image moves it to another repository, and its removal takes it out", () => {
  const index = createWorkloadIndex();
  const names = (of: string) => index.slotsOf(`docker.io/library/${of}`).map(({ workload }) => workload.name);
  index.set(workloadOf({ images: { app: "app:1", side: "app:2" } }));
  index.set(workloadOf({ name: "other" }));
  assert.equal(names("app"), ["web", "web", "other"]);
  index.set(workloadOf({ images: { app: "next:1" } }));
  assert.equal([names("app"), names("next")], [["other"], ["web"]]);
  index.remove(keyOf(workloadOf()));
  assert.equal([names("app"), names("next")], [["other"], []]);
  assert.is(index.counts().get("deployment"), 1);
  assert.equal([...index.all()].map(({ name }) => name), ["other"]);
});

s.run();
