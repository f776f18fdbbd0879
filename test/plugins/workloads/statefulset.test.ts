import { suite } from "uvu";
import statefulset from "../../../plugins/workloads/statefulset.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a StatefulSet");

// Statuses as a control plane of version 1.37 wrote them.
const rolling = (partition = 0) => ({ type: "RollingUpdate", rollingUpdate: { partition } });
const db = (more: object = {}) => ({
  replicas: 3,
  podManagementPolicy: "OrderedReady",
  updateStrategy: rolling(),
  ...more,
});
const settled = {
  observedGeneration: 2,
  replicas: 3,
  readyReplicas: 3,
  availableReplicas: 3,
  currentReplicas: 3,
  updatedReplicas: 3,
  currentRevision: "db-85f595cbc5",
  updateRevision: "db-85f595cbc5",
};
const moving = { ...settled, currentReplicas: 2, updatedReplicas: 1, updateRevision: "db-69877dc7b8" };

// deno-fmt-ignore
rollouts(s, statefulset, [
  ["all is there", db(), settled, "complete RolledOut"],
  ["no status yet", db(), undefined, "progressing NotObserved"],
  ["the status of the generation before", db(), settled, "progressing NotObserved", { generation: 3 }],
  ["one of three is new", db(), moving, "progressing PodsNotUpdated"],
  ["the last one is new and not ready", db(), { ...moving, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 3 },
    "progressing PodsNotAvailable"],
  ["all are ready, one not for minReadySeconds", db({ minReadySeconds: 30 }), { ...settled, availableReplicas: 2 },
    "progressing PodsNotAvailable"],
  ["an API server that does not count the available ones", db(), { ...settled, availableReplicas: undefined },
    "complete RolledOut"],
  ["all are new, but the revision is not taken over", db(), { ...moving, updatedReplicas: 3 },
    "progressing PodsNotAvailable"],
  ["its partition lets one move", db({ updateStrategy: rolling(2) }), moving, "complete PartitionRolledOut"],
  ["its partition lets two move", db({ updateStrategy: rolling(1) }), moving, "progressing PodsNotUpdated"],
  ["its partition lets one move, another is not ready", db({ updateStrategy: rolling(2) }),
    { ...moving, readyReplicas: 2, availableReplicas: 2 }, "progressing PodsNotAvailable"],
  ["its partition lets none move", db({ updateStrategy: rolling(3) }), settled, "none Partition"],
  ["updated by hand", db({ updateStrategy: { type: "OnDelete" } }), settled, "none OnDelete"],
  ["zero replicas", db({ replicas: 0 }), { observedGeneration: 2 }, "none NoReplicas"],
]);

s.run();
