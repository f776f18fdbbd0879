import { defineWorkload, type LabelSelector, type Rollout } from "../../core/plugin.ts";

interface Condition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
}
interface Deployment {
  metadata?: { generation?: number };
  spec?: { replicas?: number; paused?: boolean; selector?: LabelSelector };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: (Condition | null)[];
  };
}

export default defineWorkload({
  kind: "workload",
  name: "deployment",
  description: "Deployments.",
  resource: { group: "apps", version: "v1", plural: "deployments", kind: "Deployment" },
  podTemplate: "/spec/template",
  rollout,
  podSelector: (object) => (object as Deployment | null)?.spec?.selector,
});

/** As `kubectl rollout status` reads it (polymorphichelpers/rollout_status.go of kubectl). */
function rollout(object: unknown): Rollout {
  const { metadata, spec, status } = (object ?? {}) as Deployment;
  const replicas = count(spec?.replicas, 1);
  if (spec?.paused === true) return { state: "none", reason: "Paused", message: "the Deployment is paused" };
  if (replicas === 0) return { state: "none", reason: "NoReplicas", message: "it is scaled to zero" };
  if (count(status?.observedGeneration) < count(metadata?.generation, 1)) {
    return progressing("NotObserved", "its controller has not seen the change yet");
  }
  const [all, updated] = [count(status?.replicas), count(status?.updatedReplicas)];
  const conditions = Array.isArray(status?.conditions) ? status.conditions : [];
  const cannotCreate = conditions.find((one) => one?.type === "ReplicaFailure" && one.status === "True");
  const gaveUp = conditions.find((one) => one?.type === "Progressing" && one.reason === "ProgressDeadlineExceeded");
  // With no pod of this revision and nothing that keeps it from coming, the condition still tells of the revision before.
  if (gaveUp && (updated > 0 || cannotCreate)) {
    return {
      state: "failed",
      reason: "ProgressDeadlineExceeded",
      message: textOf(gaveUp, "it made no progress within progressDeadlineSeconds"),
      ...(typeof gaveUp.lastUpdateTime === "string" ? { at: gaveUp.lastUpdateTime } : {}),
    };
  }
  if (updated >= replicas && all <= updated && count(status?.availableReplicas) >= updated) {
    return { state: "complete", reason: "RolledOut", message: "all pods are of this revision, and available" };
  }
  if (cannotCreate) return progressing("ReplicaFailure", textOf(cannotCreate, "pods cannot be created"));
  if (updated < replicas) return progressing("PodsNotUpdated", "not all pods are of this revision yet");
  if (all > updated) return progressing("OldPodsLeft", "pods of an older revision are still there");
  return progressing("PodsNotAvailable", "not all pods are available yet");
}

const count = (value: unknown, otherwise = 0): number => typeof value === "number" ? value : otherwise;

const progressing = (reason: string, message: string): Rollout => ({ state: "progressing", reason, message });

function textOf({ message }: Condition, otherwise: string): string {
  return typeof message === "string" && message !== "" ? message.replace(/\.$/, "") : otherwise;
}
