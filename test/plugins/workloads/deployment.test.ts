import { suite } from "uvu";
import deployment from "../../../plugins/workloads/deployment.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a Deployment");

// Statuses as a control plane of version 1.37 wrote them.
const conditions = (reason: string, more: object[] = []) => [
  {
    type: "Available",
    status: "True",
    reason: "MinimumReplicasAvailable",
    message: "Deployment has minimum availability.",
  },
  {
    type: "Progressing",
    status: reason === "ProgressDeadlineExceeded" ? "False" : "True",
    lastUpdateTime: "2026-11-25T22:51:49Z",
    lastTransitionTime: "2026-11-25T22:51:42Z",
    reason,
    message: `ReplicaSet "web-6b748b69ff" ${
      reason === "ProgressDeadlineExceeded" ? "has timed out" : "is"
    } progressing.`,
  },
  ...more,
];
const quota = {
  type: "ReplicaFailure",
  status: "True",
  reason: "FailedCreate",
  message:
    `pods "web-7f8f8b8cbb-g8skb" is forbidden: exceeded quota: q, requested: pods=1, used: pods=9, limited: pods=9`,
};
const three = { replicas: 3, progressDeadlineSeconds: 600 };
const done = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

rollouts(s, deployment, [
  {
    what: "all is there",
    spec: three,
    status: { ...done, conditions: conditions("NewReplicaSetAvailable") },
    is: "complete RolledOut",
  },
  { what: "a newer generation was seen", generation: 1, spec: three, status: done, is: "complete RolledOut" },
  { what: "no status yet", spec: three, is: "progressing NotObserved" },
  { what: "an empty status", spec: three, status: {}, is: "progressing NotObserved" },
  {
    what: "the status of the generation before",
    generation: 3,
    spec: three,
    status: done,
    is: "progressing NotObserved",
  },
  {
    what: "the first new pod comes up beside the old ones",
    spec: three,
    status: {
      ...done,
      replicas: 4,
      updatedReplicas: 1,
      unavailableReplicas: 1,
      conditions: conditions("ReplicaSetUpdated"),
    },
    is: "progressing PodsNotUpdated",
  },
  { what: "one old pod is left", spec: three, status: { ...done, replicas: 4 }, is: "progressing OldPodsLeft" },
  {
    what: "all are new, one is not available",
    spec: three,
    status: { ...done, readyReplicas: 2, availableReplicas: 2, unavailableReplicas: 1 },
    is: "progressing PodsNotAvailable",
  },
  {
    what: "ready, but not for minReadySeconds",
    spec: { ...three, minReadySeconds: 30 },
    status: { ...done, availableReplicas: 0 },
    is: "progressing PodsNotAvailable",
  },
  {
    what: "no number of replicas is one",
    spec: {},
    status: { observedGeneration: 2 },
    is: "progressing PodsNotUpdated",
  },
  { what: "zero replicas", spec: { replicas: 0 }, status: { observedGeneration: 2 }, is: "none NoReplicas" },
  { what: "paused", spec: { ...three, paused: true }, status: done, is: "none Paused" },
  {
    what: "no progress within the deadline",
    spec: three,
    status: { ...done, updatedReplicas: 1, availableReplicas: 2, conditions: conditions("ProgressDeadlineExceeded") },
    is: "failed ProgressDeadlineExceeded",
    message: /^ReplicaSet "web-6b748b69ff" has timed out progressing$/,
    at: "2026-11-25T22:51:49Z",
  },
  {
    what: "just moved back with strategy Recreate: the deadline was that of the revision before",
    generation: 3,
    spec: { ...three, replicas: 1, strategy: { type: "Recreate" } },
    status: {
      observedGeneration: 3,
      replicas: 1,
      terminatingReplicas: 0,
      conditions: conditions("ProgressDeadlineExceeded"),
    },
    is: "progressing PodsNotUpdated",
  },
  {
    what: "quota lets no pod in",
    spec: three,
    status: { ...done, updatedReplicas: 1, conditions: conditions("ReplicaSetUpdated", [quota]) },
    is: "progressing ReplicaFailure",
    message: /exceeded quota: q/,
  },
  {
    what: "quota lets no pod in until the deadline",
    spec: three,
    status: { observedGeneration: 2, conditions: conditions("ProgressDeadlineExceeded", [quota]) },
    is: "failed ProgressDeadlineExceeded",
    at: "2026-11-25T22:51:49Z",
  },
  {
    what: "the quota of before, now that all is there",
    spec: three,
    status: { ...done, conditions: conditions("NewReplicaSetAvailable", [{ ...quota, status: "False" }]) },
    is: "complete RolledOut",
  },
]);

s.run();
