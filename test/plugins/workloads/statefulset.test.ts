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

rollouts(s, statefulset, [
  { what: "all is there", spec: db(), status: settled, is: "complete RolledOut" },
  { what: "no status yet", spec: db(), is: "progressing NotObserved" },
  {
    what: "the status of the generation before",
    generation: 3,
    spec: db(),
    status: settled,
    is: "progressing NotObserved",
  },
  { what: "one of three is new", spec: db(), status: moving, is: "progressing PodsNotUpdated" },
  {
    what: "the last one is new and not ready",
    spec: db(),
    status: { ...moving, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 3 },
    is: "progressing PodsNotAvailable",
  },
  {
    what: "all are ready, one not for minReadySeconds",
    spec: db({ minReadySeconds: 30 }),
    status: { ...settled, availableReplicas: 2 },
    is: "progressing PodsNotAvailable",
  },
  {
    what: "an API server that does not count the available ones",
    spec: db(),
    status: { ...settled, availableReplicas: undefined },
    is: "complete RolledOut",
  },
  {
    what: "all are new, but the revision is not taken over",
    spec: db(),
    status: { ...moving, updatedReplicas: 3 },
    is: "progressing PodsNotAvailable",
  },
  {
    what: "its partition lets one move",
    spec: db({ updateStrategy: rolling(2) }),
    status: moving,
    is: "complete PartitionRolledOut",
  },
  {
    what: "its partition lets two move",
    spec: db({ updateStrategy: rolling(1) }),
    status: moving,
    is: "progressing PodsNotUpdated",
  },
  {
    what: "its partition lets one move, another is not ready",
    spec: db({ updateStrategy: rolling(2) }),
    status: { ...moving, readyReplicas: 2, availableReplicas: 2 },
    is: "progressing PodsNotAvailable",
  },
  {
    what: "its partition lets none move",
    spec: db({ updateStrategy: rolling(3) }),
    status: settled,
    is: "none Partition",
  },
  { what: "updated by hand", spec: db({ updateStrategy: { type: "OnDelete" } }), status: settled, is: "none OnDelete" },
  { what: "zero replicas", spec: db({ replicas: 0 }), status: { observedGeneration: 2 }, is: "none NoReplicas" },
]);

s.run();
