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

// deno-fmt-ignore
rollouts(s, daemonset, [
  ["all is there", agent, onAll, "complete RolledOut"],
  ["no status yet", agent, undefined, "progressing NotObserved"],
  ["the status of the generation before", agent, onAll, "progressing NotObserved", { generation: 3 }],
  ["a node is not updated", agent, { ...onAll, updatedNumberScheduled: 2 }, "progressing PodsNotUpdated"],
  ["a node is not available", agent, { ...onAll, numberAvailable: 2 }, "progressing PodsNotAvailable"],
  ["on no node", agent, { observedGeneration: 2, desiredNumberScheduled: 0 }, "none NoNodes"],
  ["updated by hand", { updateStrategy: { type: "OnDelete" } }, onAll, "none OnDelete"],
]);

s.run();
