import { suite } from "uvu";
import deployment from "../../../plugins/workloads/deployment.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a Deployment");

// Statuses as a control plane of version 1.37 wrote them.
const at = "2026-11-25T22:51:49Z";
const conditions = (reason: string, ...more: object[]) => {
  const late = reason === "ProgressDeadlineExceeded";
  const [status, said] = late ? ["False", "has timed out"] : ["True", "is"];
  const message = `ReplicaSet "web-6b748b69ff" ${said} progressing.`;
  return [
    { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "It is available." },
    { type: "Progressing", status, lastUpdateTime: at, lastTransitionTime: "2026-11-25T22:51:42Z", reason, message },
    ...more,
  ];
};
const quota = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "exceeded quota: q" };
const late = conditions("ProgressDeadlineExceeded");
const updating = conditions("ReplicaSetUpdated");
const three = { replicas: 3, progressDeadlineSeconds: 600 };
const done = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

// deno-fmt-ignore
rollouts(s, deployment, [
  ["all is there", three, { ...done, conditions: conditions("NewReplicaSetAvailable") }, "complete RolledOut"],
  ["a newer generation was seen", three, done, "complete RolledOut", { generation: 1 }],
  ["no status yet", three, undefined, "progressing NotObserved"],
  ["an empty status", three, {}, "progressing NotObserved"],
  ["the status of the generation before", three, done, "progressing NotObserved", { generation: 3 }],
  ["the first new pod comes up beside the old ones", three,
    { ...done, replicas: 4, updatedReplicas: 1, unavailableReplicas: 1, conditions: updating },
    "progressing PodsNotUpdated"],
  ["one old pod is left", three, { ...done, replicas: 4 }, "progressing OldPodsLeft"],
  ["all are new, one is not available", three,
    { ...done, readyReplicas: 2, availableReplicas: 2, unavailableReplicas: 1 }, "progressing PodsNotAvailable"],
  ["ready, but not for minReadySeconds", { ...three, minReadySeconds: 30 }, { ...done, availableReplicas: 0 },
    "progressing PodsNotAvailable"],
  ["no number of replicas is one", {}, { observedGeneration: 2 }, "progressing PodsNotUpdated"],
  ["zero replicas", { replicas: 0 }, { observedGeneration: 2 }, "none NoReplicas"],
  ["paused", { ...three, paused: true }, done, "none Paused"],
  ["no progress within the deadline", three, { ...done, updatedReplicas: 1, availableReplicas: 2, conditions: late },
    "failed ProgressDeadlineExceeded", { message: /^ReplicaSet "web-6b748b69ff" has timed out progressing$/, at }],
  ["just moved back with strategy Recreate: the deadline was that of the revision before",
    { ...three, replicas: 1, strategy: { type: "Recreate" } },
    { observedGeneration: 3, replicas: 1, terminatingReplicas: 0, conditions: late }, "progressing PodsNotUpdated",
    { generation: 3 }],
  ["quota lets no pod in", three, { ...done, updatedReplicas: 1, conditions: conditions("ReplicaSetUpdated", quota) },
    "progressing ReplicaFailure", { message: /exceeded quota: q/ }],
  ["quota lets no pod in until the deadline", three,
    { observedGeneration: 2, conditions: conditions("ProgressDeadlineExceeded", quota) },
    "failed ProgressDeadlineExceeded", { at }],
  ["the quota of before, now that all is there", three,
    { ...done, conditions: conditions("NewReplicaSetAvailable", { ...quota, status: "False" }) }, "complete RolledOut"],
]);

s.run();
