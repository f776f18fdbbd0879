import { containersOf } from "./containers.ts";
import { isFinished } from "./cache.ts";
import type { Phase, UpdateRequest } from "./update_request.ts";
import type { UpdateEvent, UpdateEventType } from "../plugin.ts";

const ofPhase: Partial<Record<Phase, UpdateEventType>> = {
  Completed: "completed",
  Rejected: "rejected",
  Failed: "failed",
  RolledBack: "rolledBack",
  Held: "held",
  Superseded: "superseded",
  Expired: "expired",
};

/** A notification that is still to be delivered: which step, and to whom. */
export interface Owed {
  /** As it is noted in `status.notified` once delivered: `completed/webhook`. */
  mark: string;
  notifier: string;
  event: UpdateEvent;
}

/** What the stored status says happened, oldest first. Pure, so that nothing is forgotten with a process. */
export function stepsOf(request: UpdateRequest): UpdateEventType[] {
  const { spec, status } = request;
  const last = status?.phase && ofPhase[status.phase];
  return [
    "created",
    ...(spec.decision?.approved && status?.approvedAt ? ["approved" as const] : []),
    ...(last ? [last] : []),
  ];
}

/**
 * The notifications of a request that no status says were delivered. None where `status.notified` is absent: the
 * request is from a time without notifiers. None after `giveUpAfter` milliseconds, so that a dead receiver holds
 * nothing up for ever.
 */
export function owedNotifications(
  request: UpdateRequest,
  notifiers: readonly string[],
  now: number,
  giveUpAfter: number,
): Owed[] {
  const notified = request.status?.notified;
  if (!notified) return [];
  if (isFinished(request) && Date.parse(request.status?.lastUpdated ?? "") + giveUpAfter < now) return [];
  return stepsOf(request).flatMap((type) =>
    notifiers.map((notifier) => ({ mark: `${type}/${notifier}`, notifier, event: eventOf(request, type) }))
  ).filter(({ mark }) => !notified.includes(mark));
}

function eventOf(request: UpdateRequest, type: UpdateEventType): UpdateEvent {
  const { metadata, spec, status } = request;
  const { targetRef, decision } = spec;
  return {
    type,
    idempotencyKey: `${metadata.uid}/${type}`,
    timestamp: timeOf(type, metadata.creationTimestamp, status),
    updateRequest: { namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
    workload: { ...targetRef },
    container: spec.containerName ?? "",
    containers: [...containersOf(request)],
    currentImage: spec.currentImage,
    newImage: spec.newImage,
    policy: spec.policy,
    requiresApproval: spec.requireApproval !== false,
    ...(decision?.approved ? { approvedBy: decision.by } : {}),
    ...(type !== "created" && type !== "approved" && status?.message ? { message: status.message } : {}),
  };
}

function timeOf(type: UpdateEventType, created: string, status: UpdateRequest["status"]): string {
  if (type === "created") return created;
  return (type === "approved" ? status?.approvedAt : status?.lastUpdated) ?? created;
}
