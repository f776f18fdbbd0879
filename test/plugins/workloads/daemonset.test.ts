import { suite } from "uvu";
import daemonset from "../../../plugins/workloads/daemonset.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a DaemonSet");

// Statuses as a control plane of version 1.37 wrote them.
const agent = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } };
const onAll = {
  currentNumberScheduled: 3,
  numberMisscheduled: 0,
  desiredNumberScheduled: 3,
  numberReady: 3,
  observedGeneration: 2,
  updatedNumberScheduled: 3,
  numberAvailable: 3,
};

rollouts(s, daemonset, [
  { what: "all is there", spec: agent, status: onAll, is: "complete RolledOut" },
  { what: "no status yet", spec: agent, is: "progressing NotObserved" },
  {
    what: "the status of the generation before",
    generation: 3,
    spec: agent,
    status: onAll,
    is: "progressing NotObserved",
  },
  {
    what: "a node is not updated",
    spec: agent,
    status: { ...onAll, updatedNumberScheduled: 2 },
    is: "progressing PodsNotUpdated",
  },
  {
    what: "a node is not available",
    spec: agent,
    status: { ...onAll, numberAvailable: 2 },
    is: "progressing PodsNotAvailable",
  },
  { what: "on no node", spec: agent, status: { observedGeneration: 2, desiredNumberScheduled: 0 }, is: "none NoNodes" },
  { what: "updated by hand", spec: { updateStrategy: { type: "OnDelete" } }, status: onAll, is: "none OnDelete" },
]);

s.run();
