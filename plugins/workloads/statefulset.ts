import { defineWorkload, type LabelSelector, type Rollout } from "../../core/plugin.ts";

interface StatefulSet {
  metadata?: { generation?: number };
  spec?: {
    replicas?: number;
    selector?: LabelSelector;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
  };
  status?: {
    observedGeneration?: number;
    readyReplicas?: number;
    /** Older API servers have none. */
    availableReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
}

export default defineWorkload({
  kind: "workload",
  name: "statefulset",
  description: "StatefulSets.",
  resource: { group: "apps", version: "v1", plural: "statefulsets", kind: "StatefulSet" },
  podTemplate: "/spec/template",
  // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
  afterRollback: "a StatefulSet does not replace a pod that is broken: if one stays so, delete it",
  rollout,
  podSelector: (object) => (object as StatefulSet | null)?.spec?.selector,
});

/** As `kubectl rollout status` reads it (polymorphichelpers/rollout_status.go of kubectl). */
function rollout(object: unknown): Rollout {
  const { metadata, spec, status } = (object ?? {}) as StatefulSet;
  const replicas = count(spec?.replicas, 1);
  const partition = count(spec?.updateStrategy?.rollingUpdate?.partition);
  if (replicas === 0) return { state: "none", reason: "NoReplicas", message: "it is scaled to zero" };
  if (spec?.updateStrategy?.type === "OnDelete") {
    return { state: "none", reason: "OnDelete", message: "its pods are updated when somebody deletes them" };
  }
  if (partition >= replicas) {
    return { state: "none", reason: "Partition", message: "its partition keeps all pods from being updated" };
  }
  if (count(status?.observedGeneration) < count(metadata?.generation, 1)) {
    return progressing("NotObserved", "its controller has not seen the change yet");
  }
  const isOneRevision = partition > 0 || status?.currentRevision === status?.updateRevision;
  const isUpdated = count(status?.updatedReplicas) >= replicas - partition;
  const ready = count(status?.readyReplicas);
  const isAvailable = ready >= replicas && count(status?.availableReplicas, ready) >= replicas;
  if (isUpdated && isAvailable && isOneRevision) {
    return partition === 0
      ? { state: "complete", reason: "RolledOut", message: "all pods are of this revision, and available" }
      : {
        state: "complete",
        reason: "PartitionRolledOut",
        message: "all pods above its partition are of this revision",
      };
  }
  if (!isUpdated) return progressing("PodsNotUpdated", "not all pods are of this revision yet");
  return progressing("PodsNotAvailable", "not all pods are available yet");
}

const count = (value: unknown, otherwise = 0): number => typeof value === "number" ? value : otherwise;

const progressing = (reason: string, message: string): Rollout => ({ state: "progressing", reason, message });
