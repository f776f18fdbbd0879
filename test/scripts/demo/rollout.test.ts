import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Rollout, rolloutOf } from "../../../scripts/demo/rollout.ts";

const s = suite("demo: rollouts");

type Status = NonNullable<Parameters<typeof rolloutOf>[1]["status"]>;
const rows: [what: string, kind: string, status: Status | undefined, is: Partial<Rollout>][] = [
  ["nothing said yet", "Deployment", undefined, { done: false, ready: 0, wanted: 2 }],
  ["the old generation's word", "Deployment", {
    observedGeneration: 1,
    replicas: 2,
    updatedReplicas: 2,
    availableReplicas: 2,
  }, {
    done: false,
  }],
  ["old pods left", "Deployment", { observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 3 }, {
    done: false,
  }],
  [
    "one not available",
    "Deployment",
    { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
    {
      done: false,
      ready: 1,
    },
  ],
  ["all available", "Deployment", { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 }, {
    done: true,
    ready: 2,
  }],
  ["two revisions", "StatefulSet", {
    observedGeneration: 2,
    readyReplicas: 2,
    updatedReplicas: 1,
    currentRevision: "a",
    updateRevision: "b",
  }, { done: false, ready: 1 }],
  ["one revision", "StatefulSet", {
    observedGeneration: 2,
    readyReplicas: 2,
    currentRevision: "b",
    updateRevision: "b",
  }, { done: true, ready: 2 }],
  ["a node without it", "DaemonSet", {
    observedGeneration: 2,
    desiredNumberScheduled: 2,
    updatedNumberScheduled: 1,
    numberAvailable: 2,
  }, { done: false, ready: 1 }],
  ["on every node", "DaemonSet", {
    observedGeneration: 2,
    desiredNumberScheduled: 2,
    updatedNumberScheduled: 2,
    numberAvailable: 2,
  }, { done: true, ready: 2, wanted: 2 }],
];
for (const [what, kind, status, is] of rows) {
  s(`${kind}: ${what}`, () => {
    const object = { metadata: { generation: 2 }, spec: { replicas: 2 }, ...(status ? { status } : {}) };
    const rollout = rolloutOf(kind, object)!;
    assert.equal({ ...rollout, ...is }, rollout);
  });
}

s("a CronJob does not roll out", () => {
  assert.is(rolloutOf("CronJob", { metadata: { generation: 1 } }), undefined);
});

s.run();
