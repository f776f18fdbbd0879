import { type KubeEvent, kubeEvent } from "../kube/events.ts";
import type { Outcome } from "./reconcile.ts";
import type { Phase } from "./update_request.ts";

/** The reason of the Event that tells of a phase. */
export const EVENT_REASONS: Readonly<Record<Phase, string>> = {
  Pending: "UpdatePending",
  Approved: "UpdateApproved",
  Completed: "UpdateApplied",
  Rejected: "UpdateRejected",
  Failed: "UpdateFailed",
  Superseded: "UpdateSuperseded",
  Expired: "UpdateExpired",
};

/** The Event on the workload that tells where a request stands now: one for each phase and reason, however often told. */
export function storyOf({ request, standing, workload }: Outcome, now: Date, instance: string): KubeEvent {
  const { metadata, spec } = request;
  const change = `${spec.containerName}: ${spec.currentImage} → ${spec.newImage}`;
  const by = spec.sighting ? `policy ${spec.policy}, ${spec.sighting.via}` : "written by hand";
  const decided = spec.decision?.approved ? `, approved by ${spec.decision.by}` : "";
  return kubeEvent({
    object: { ...spec.targetRef, namespace: metadata.namespace, ...(workload ? { uid: workload.uid } : {}) },
    type: standing.phase === "Failed" ? "Warning" : "Normal",
    reason: EVENT_REASONS[standing.phase],
    message: standing.phase === "Completed"
      ? `${change} (${by}${decided}; UpdateRequest ${metadata.name})`
      : `${change}: ${standing.message} (UpdateRequest ${metadata.name})`,
    now,
    id: `${metadata.uid} ${standing.phase} ${standing.reason}`,
    instance,
  });
}
