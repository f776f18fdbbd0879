import { decisionText } from "../requests/decision_text.ts";
import { appliedAt, heldStatus, stepAfterLeft, stepWhileRunning } from "./after_apply.ts";
import { isOfKind, type Workload } from "../workloads/workload.ts";
import { isFinished, typeOf, type UpdateRequest, waitingPhase } from "../requests/update_request.ts";
import type { Phase } from "../requests/phases.ts";
import { type Reason, reported, type ReportedReason } from "../requests/reasons.ts";
import { changedBy, containersOf, namesText, slotsOf, stillToMove } from "../requests/containers.ts";
import { chartOf, versionIn, writtenIn } from "../versions/slot_reference.ts";
import { askAgainAfter, confirmationOf, isConfirmed, refutedStatus, unconfirmedStatus } from "./confirmation.ts";
import { closedGate } from "./gates.ts";
import { activeHolds, heldForAny, holdsOfLeft } from "../requests/holds.ts";
import { groupOf, isNonEmpty, type SlotGroup } from "../workloads/slot_group.ts";
import { lastEntry } from "../requests/history.ts";
import { lowestOf } from "../versions/range.ts";
import { obsoleteStatus } from "./obsolete.ts";
import { readAs, runs, sameRepository } from "../versions/compare.ts";
import { readVersion } from "../versions/version.ts";
import type { Slot } from "../plugin.ts";
import type { Situation, StatusUpdate, Step } from "./step.ts";
import { hasStatus } from "./status.ts";
import { sampleDueAt, withSample } from "./rollout_samples.ts";

/** The step that writes a status, with what is known of the version's confirmation. */
export function statusStep(
  request: UpdateRequest,
  situation: Situation,
  statusUpdate: StatusUpdate,
): Extract<Step, { type: "write status" }> {
  return { type: "write status", request, statusUpdate: { ...statusUpdate, ...confirmationOf(request, situation) } };
}

/**
 * The next step of a request as if there were no other that waits; none where it is finished and stays so. Of the
 * situation's requests those of its container are enough.
 */
export function requestStep(request: UpdateRequest, situation: Situation): Step | undefined {
  const { workload, now, requests, readingInterval } = situation;
  const { spec, metadata, status } = request;
  if (isFinished(request)) {
    if (status?.phase !== "Completed" || typeof workload !== "object") return undefined;
    const slots = changedBy(request, workload);
    const gone = slots.filter(({ current }) => !runs(current, spec.newImage));
    if (!isNonEmpty(slots) || gone.length === 0) return undefined;
    const at = appliedAt(request, workload);
    if (at === undefined || gone.every((slot) => isLongPast(request, at, workload, slot))) return undefined;
    return stepAfterLeft({ request, requests, workload, slots, now, reading: undefined, readingInterval });
  }
  const write = (phase: Phase, reason: Reason | ReportedReason, message: string) =>
    statusStep(request, situation, { phase, reason, message });
  const target = `${spec.targetRef.kind} ${spec.targetRef.namespace}/${spec.targetRef.name}`;

  if (spec.targetRef.namespace !== metadata.namespace) {
    return write("Failed", "OtherNamespace", `targetRef.namespace is not the request's own, ${metadata.namespace}`);
  }
  if (workload === "unknown kind" || (workload !== "missing" && !isOfKind(workload.plugin.resource, spec.targetRef))) {
    const kind = `${spec.targetRef.apiVersion} ${spec.targetRef.kind}`;
    return write("Failed", "UnknownKind", `targetRef names ${kind}, which no workload plugin serves`);
  }
  if (workload === "missing") return write("Failed", "TargetNotFound", `${target} does not exist`);
  const names = containersOf(request);
  const isApplied = appliedAt(request, workload) !== undefined;
  const slots = isApplied ? changedBy(request, workload) : slotsOf(request, workload);
  const isWhole = slots.length === names.length;
  const trouble = troubleOf(workload);
  if (!isWhole && !isApplied && trouble) {
    return write(waitingPhase(request), reported(trouble.reason), trouble.message);
  }
  if (!isNonEmpty(slots)) return write("Failed", "ContainerNotFound", `${target} has no container ${namesText(names)}`);
  const other = slots.find(({ type }) => type !== typeOf(request));
  if (other) {
    return write(
      "Failed",
      "OtherType",
      `updateType ${spec.updateType} is not that of ${other.name}, which holds a ${other.type}`,
    );
  }
  const [slot] = slots;
  if (!fits(slot.name === names[0] ? spec.newImage : writtenIn(slot, spec.newImage), slot)) {
    const what = slot.prefix ? `version of ${chartOf(slot)}, as in ${slot.current}` : "image reference";
    return write("Failed", "InvalidImage", `newImage ${spec.newImage} is no ${what}`);
  }
  const reading = situation.readings.get(metadata.uid);
  const input = { request, requests, workload, slots, now, reading, readingInterval };
  const allRun = slots.every(({ current }) => runs(current, spec.newImage));
  if (allRun) return withSamples(withConfirmation(stepWhileRunning(input), situation), now);
  if (isApplied) return withConfirmation(stepAfterLeft(input), situation);
  const left = stillToMove(request, workload);
  return stepBeforeApply(request, situation, workload, isNonEmpty(left) ? left : slots);
}

/**
 * Whether Headwind itself has brought in another version since, which runs, and nothing is held: so there is nothing to be
 * found out about the old one. Of a workload's requests nearly all are so.
 */
function isLongPast({ metadata }: UpdateRequest, at: string, { annotations }: Workload, slot: Slot): boolean {
  const last = lastEntry(annotations.history, slot.name);
  return last !== undefined && !last.rollback && last.updateRequestUid !== metadata.uid && last.timestamp >= at &&
    last.image === slot.current && annotations.held === undefined;
}

/** The next step of a request whose version was not brought in yet. */
function stepBeforeApply(request: UpdateRequest, situation: Situation, workload: Workload, slots: SlotGroup): Step {
  const { spec, metadata } = request;
  const { requests } = situation;
  const [slot] = slots;
  const write = (phase: Phase, reason: Reason | ReportedReason, message: string) =>
    statusStep(request, situation, { phase, reason, message });
  const lookup = situation.lookups.get(metadata.uid);

  if (spec.decision?.approved === false) {
    const why = spec.decision.reason ? `: ${spec.decision.reason}` : "";
    return write("Rejected", "Rejected", `${decisionText(spec.decision)}${why}`);
  }
  if (spec.expiresAt && Date.parse(spec.expiresAt) <= situation.now) {
    return write("Expired", "Expired", `not applied before it expired at ${spec.expiresAt}`);
  }
  const end = refutedStatus(request, lookup, situation.now);
  if (end) return statusStep(request, situation, end);
  const held = slots.flatMap((slot) => activeHolds(workload, slot, requests));
  const obsolete = obsoleteStatus(request, workload, slots, held);
  if (obsolete) return statusStep(request, situation, obsolete);
  if (slot.type === "image" && !sameRepository(slot.current, spec.newImage)) {
    const message = `newImage ${spec.newImage} is of another repository than ${slot.current}, which ${slot.name} runs`;
    return write("Failed", "OtherRepository", message);
  }
  const hold = heldForAny(workload, withAll(workload, slots), spec.newImage, requests);
  if (hold) return statusStep(request, situation, heldStatus(spec.newImage, hold));
  const trouble = slot.type === "chart" && !slot.source ? troubleOf(workload) : undefined;
  if (trouble) return write(waitingPhase(request), reported(trouble.reason), trouble.message);
  if (!isConfirmed(request, situation)) {
    if (lookup === undefined) return { type: "look up", request };
    if (lookup === "asked") return { type: "await", what: "registry", request };
    const until = situation.now + askAgainAfter(request, lookup, situation.now);
    return { ...statusStep(request, situation, unconfirmedStatus(request, lookup)), until };
  }
  const closed = closedGate({ request, workload, now: situation.now });
  if (closed) {
    const step = write(waitingPhase(request), reported(closed.gate.reason), closed.message);
    return closed.until === undefined ? step : { ...step, until: closed.until };
  }
  if (spec.decision && request.status?.phase !== "Approved") {
    return write("Approved", "Approved", `${decisionText(spec.decision)}, to be applied`);
  }
  // the change would hide that it was left
  const holds = holdsOfLeft(workload, slots, requests, new Date(situation.now).toISOString());
  if (isNonEmpty(holds)) return { type: "hold", request, workload, slots, holds };
  return { type: "apply", request, workload, slots };
}

/** Some slots, and after them what moves with them: a request may have been made for one of these, and is held as they all are. */
const withAll = ({ slots: all }: Workload, slots: SlotGroup): Slot[] => [
  ...new Set([...slots, ...slots.flatMap((slot) => groupOf(all, slot))]),
];

/** What keeps the versions of a workload from being found. */
const troubleOf = ({ notes }: Workload) => notes.find(({ type }) => type === "Warning");

/** Whether it can stand in the slot: an image, or a version or a range of versions of the slot's own chart. */
function fits(reference: string, slot: Slot): boolean {
  if (!readAs(slot, reference) || !reference.startsWith(slot.prefix)) return false;
  const version = versionIn(slot, reference);
  return slot.type !== "chart" || (readVersion("chart", version) ?? lowestOf(version)) !== undefined;
}

function withConfirmation(step: Step | undefined, situation: Situation): Step | undefined {
  if (step?.type !== "write status") return step;
  return { ...step, statusUpdate: { ...step.statusUpdate, ...confirmationOf(step.request, situation) } };
}

/** The same step, or the writing of a sample where there is nothing else to write and it is time for one. */
function withSamples(step: Step | undefined, now: number): Step | undefined {
  if (step?.type !== "write status" || !hasStatus(step.request, step.statusUpdate)) return step;
  const { type: _, statusUpdate, ...rest } = step;
  const { rollout } = step.request.status ?? {};
  const dueAt = sampleDueAt(rollout, statusUpdate.pods, now);
  if (dueAt === undefined) return step;
  if (dueAt <= now) return { type: "write samples", ...rest, rollout: withSample(rollout, statusUpdate.pods, now) };
  return { ...step, until: Math.min(step.until ?? Infinity, dueAt) };
}
