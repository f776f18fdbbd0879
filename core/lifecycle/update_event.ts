import { containersOf, namesText } from "../requests/containers.ts";
import { type InvolvedObject, type KubeEvent, kubeEvent } from "../kube/events.ts";
import { isReason } from "../requests/reasons.ts";
import { phaseFacts } from "../requests/phases.ts";
import type { Outcome } from "./do_step.ts";
import { API_VERSION, handOf } from "../requests/update_request.ts";

/** The Event on the workload about a status update: one for each step of a request's life, however often it is written. */
export function workloadEvent(outcome: Outcome, now: Date, instance: string): KubeEvent {
  const { request: { metadata, spec }, workload } = outcome;
  const object = { ...spec.targetRef, namespace: metadata.namespace, ...(workload ? { uid: workload.uid } : {}) };
  return eventOn(outcome, object, { now, instance, named: `UpdateRequest ${metadata.name}` });
}

/** The same Event on the request itself, where `kubectl describe` of it looks. */
export function requestEvent(outcome: Outcome, now: Date, instance: string): KubeEvent {
  const { namespace, name, uid } = outcome.request.metadata;
  const object = { apiVersion: API_VERSION, kind: "UpdateRequest", namespace, name, uid };
  return eventOn(outcome, object, { now, instance });
}

function eventOn(
  { request, statusUpdate }: Outcome,
  object: InvolvedObject,
  { now, instance, named }: { now: Date; instance: string; named?: string },
): KubeEvent {
  const { metadata, spec } = request;
  const change = `${namesText(containersOf(request))}: ${spec.currentImage} → ${spec.newImage}`;
  const by = spec.sighting ? `policy ${spec.policy}, ${spec.sighting.via}` : handOf(request)!;
  const decided = spec.decision?.approved ? `, approved by ${spec.decision.by}` : "";
  const { reason, type, step } = eventFacts({ request, statusUpdate });
  return kubeEvent({
    object,
    type,
    reason,
    message: reason === "UpdateApplied"
      ? `${change} (${by}${decided}${named ? `; ${named}` : ""})`
      : `${change}: ${statusUpdate.message}${named ? ` (${named})` : ""}`,
    now,
    id: `${metadata.uid} ${step}`,
    instance,
  });
}

function eventFacts(
  { request, statusUpdate }: Pick<Outcome, "request" | "statusUpdate">,
): { reason: string; type: "Normal" | "Warning"; step: string } {
  const { phase, reason, health } = statusUpdate;
  const before = request.status?.phase;
  const step = `${phase} ${reason}`;
  if (phase === "Verifying") {
    if (health?.status === "False") return { reason: "UpdateUnhealthy", type: "Warning", step };
    return { reason: "UpdateApplied", type: "Normal", step: "applied" };
  }
  if (phase === "Completed" && before !== "Verifying") {
    return { reason: "UpdateApplied", type: "Normal", step: "applied" };
  }
  if (phase === "Completed" && isReason(reason, "Verified")) return { reason: "UpdateVerified", type: "Normal", step };
  return { ...phaseFacts(phase).event, step };
}
