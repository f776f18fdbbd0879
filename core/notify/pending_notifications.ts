import { containersOf, withOthersOf } from "../requests/containers.ts";
import { phaseFacts } from "../requests/phases.ts";
import { isFinished, type UpdateRequest } from "../requests/update_request.ts";
import type { UpdateEvent, UpdateEventType } from "../plugin.ts";

/** A notification that is still to be delivered: which step, and to whom. */
export interface PendingNotification {
  /** As it is noted in `status.notified` once delivered: `completed/webhook`. */
  mark: string;
  notifier: string;
  event: UpdateEvent;
}

/** What happened, of which people are told: when, and in what words where there are any. */
interface Milestone {
  type: UpdateEventType;
  /** RFC 3339. */
  at: string;
  message?: string;
}

/** What the stored status says happened, oldest first. Pure, so that nothing is forgotten with a process. */
export function notificationTypes(request: UpdateRequest): UpdateEventType[] {
  return milestonesOf(request).map(({ type }) => type);
}

/** The outcomes are those of all steps; of one that came again the last. What was written before there were steps has one. */
function milestonesOf({ metadata, spec, status }: UpdateRequest): Milestone[] {
  const created = metadata.creationTimestamp;
  const outcomes = new Map<UpdateEventType, Milestone>();
  const { phase, message, lastUpdated, steps = [] } = status ?? {};
  const isMissing = phase !== undefined && steps.at(-1)?.phase !== phase;
  const now = isMissing ? [{ phase, at: lastUpdated ?? created, message }] : [];
  for (const { phase, at, message } of [...steps, ...now]) {
    const type = phaseFacts(phase).notification;
    if (!type) continue;
    outcomes.delete(type);
    outcomes.set(type, { type, at, ...(message ? { message } : {}) });
  }
  const { approvedAt } = status ?? {};
  const all: Milestone[] = [...outcomes.values()];
  if (spec.decision?.approved && approvedAt) {
    const after = all.findIndex(({ at }) => Date.parse(at) >= Date.parse(approvedAt));
    all.splice(after >= 0 ? after : all.length - (now.some(({ phase }) => phaseFacts(phase).notification) ? 1 : 0), 0, {
      type: "approved",
      at: approvedAt,
    });
  }
  return [{ type: "created", at: created }, ...all];
}

/**
 * The notifications of a request that no status says were delivered, in the order of what happened. None where
 * `status.notified` is absent: the request is from a time without notifiers. None after `giveUpAfter` milliseconds, so that
 * a dead receiver holds nothing up for ever, and nobody who begins to listen is told what long has been: what has been
 * followed by something else is as old as it is, and what led to the first outcome as old as that.
 */
export function pendingNotifications(
  request: UpdateRequest,
  notifiers: readonly string[],
  now: number,
  giveUpAfter: number,
): PendingNotification[] {
  const notified = request.status?.notified;
  if (!notified) return [];
  if (isFinished(request) && Date.parse(request.status?.lastUpdated ?? "") + giveUpAfter < now) return [];
  const all = milestonesOf(request);
  const first = all.find(isOutcome);
  const isOld = ({ at }: Milestone) => Date.parse(at) + giveUpAfter < now;
  const isPast = (one: Milestone) => one !== all.at(-1) && (isOutcome(one) ? isOld(one) : first && isOld(first));
  return all.filter((one) => !isPast(one)).flatMap((one) =>
    notifiers.map((notifier) => ({ mark: `${one.type}/${notifier}`, notifier, event: eventOf(request, one) }))
  ).filter(({ mark }) => !notified.includes(mark));
}

const isOutcome = ({ type }: Milestone): boolean => type !== "created" && type !== "approved";

function eventOf(request: UpdateRequest, { type, at, message }: Milestone): UpdateEvent {
  const { metadata, spec } = request;
  const { targetRef, decision } = spec;
  return {
    type,
    idempotencyKey: `${metadata.uid}/${type}`,
    timestamp: at,
    updateRequest: { namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
    workload: { ...targetRef },
    container: spec.containerName ?? "",
    ...withOthersOf(containersOf(request)),
    currentImage: spec.currentImage,
    newImage: spec.newImage,
    policy: spec.policy,
    requiresApproval: spec.requireApproval !== false,
    ...(decision?.approved ? { approvedBy: decision.by } : {}),
    ...(message ? { message } : {}),
  };
}
