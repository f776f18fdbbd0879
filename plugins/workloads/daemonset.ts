import { defineWorkload, type LabelSelector, type Rollout } from "../../core/plugin.ts";

interface DaemonSet {
  metadata?: { generation?: number };
  spec?: { selector?: LabelSelector; updateStrategy?: { type?: string } };
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
  };
}

export default defineWorkload({
  kind: "workload",
  name: "daemonset",
  description: "DaemonSets.",
  resource: { group: "apps", version: "v1", plural: "daemonsets", kind: "DaemonSet" },
  podTemplate: "/spec/template",
  rollout,
  podSelector: (object) => (object as DaemonSet | null)?.spec?.selector,
});

/** As `kubectl rollout status` reads it (polymorphichelpers/rollout_status.go of kubectl). */
function rollout(object: unknown): Rollout {
  const { metadata, spec, status } = (object ?? {}) as DaemonSet;
  if (spec?.updateStrategy?.type === "OnDelete") {
    return { state: "none", reason: "OnDelete", message: "its pods are updated when somebody deletes them" };
  }
  if (count(status?.observedGeneration) < count(metadata?.generation, 1)) {
    return progressing("NotObserved", "its controller has not seen the change yet");
  }
  const desired = count(status?.desiredNumberScheduled);
  if (desired === 0) return { state: "none", reason: "NoNodes", message: "no node is to run it" };
  if (count(status?.updatedNumberScheduled) < desired) {
    return progressing("PodsNotUpdated", "not all pods are of this revision yet");
  }
  if (count(status?.numberAvailable) < desired) {
    return progressing("PodsNotAvailable", "not all pods are available yet");
  }
  return { state: "complete", reason: "RolledOut", message: "all pods are of this revision, and available" };
}

const count = (value: unknown, otherwise = 0): number => typeof value === "number" ? value : otherwise;

const progressing = (reason: string, message: string): Rollout => ({ state: "progressing", reason, message });
