import { decisionText } from "../requests/decision_text.ts";
import {
  type Condition,
  conditionOf,
  type StatusStep,
  type UpdateRequest,
  type UpdateRequestStatus,
} from "../requests/update_request.ts";
import { phaseFacts } from "../requests/phases.ts";
import type { StatusUpdate, Step } from "./step.ts";
import { approvalGate } from "./gates.ts";
import { withSample } from "./rollout_samples.ts";

/**
 * The whole status of a request after an update of it. Times already written stay, so that the same update gives the same
 * status; `hasNotifiers` marks a request whose steps are to be notified of.
 */
export function statusOf(
  request: UpdateRequest,
  statusUpdate: StatusUpdate,
  now: Date,
  hasNotifiers: boolean,
): UpdateRequestStatus {
  const old = request.status ?? {};
  const { decision } = request.spec;
  const time = now.toISOString();
  const { phase, reason, message } = statusUpdate;
  const appliedAt = old.appliedAt ?? statusUpdate.appliedAt;
  const rollout = withSample(old.rollout, statusUpdate.pods, now.getTime());
  return {
    ...old,
    phase,
    reason,
    message,
    lastUpdated: time,
    ...(decision?.approved ? { approvedBy: decision.by, approvedAt: old.approvedAt ?? time } : {}),
    ...(phase === "Rejected" && decision ? { rejectedBy: decision.by, rejectedAt: old.rejectedAt ?? time } : {}),
    ...(appliedAt === undefined ? {} : { appliedAt }),
    ...(hasNotifiers ? { notified: old.notified ?? [] } : {}),
    conditions: conditionsOf(request, statusUpdate, time),
    steps: stepsOf(old.steps, statusUpdate, time),
    ...(rollout.length > 0 ? { rollout } : {}),
  };
}

const MOST_STEPS = 20;

/** What happened, the last at the end; the same thing is told once. */
function stepsOf(old: readonly StatusStep[] = [], { phase, reason, message }: StatusUpdate, at: string): StatusStep[] {
  const last = old.at(-1);
  if (last?.phase === phase && last.reason === reason) return [...old];
  return keptSteps([...old, { at, phase, reason, message }], MOST_STEPS);
}

/**
 * As many steps as are kept, the last at the end. What a notifier may still have to be told of stays before what only waited:
 * it is of each outcome the last.
 */
export function keptSteps(steps: readonly StatusStep[], most: number): StatusStep[] {
  const kept = [...steps];
  while (kept.length > most) {
    const isToTell = ({ phase }: StatusStep, at: number) =>
      phaseFacts(phase).notification !== undefined && !kept.slice(at + 1).some((later) => later.phase === phase);
    const oldest = kept.findIndex((step, at) => !isToTell(step, at));
    kept.splice(Math.max(0, oldest), 1);
  }
  return kept;
}

/** Whether the request's status already says this. */
export function hasStatus(request: UpdateRequest, statusUpdate: StatusUpdate): boolean {
  const { status } = request;
  if (status?.phase !== statusUpdate.phase || status.message !== statusUpdate.message || statusUpdate.isAhead) {
    return false;
  }
  const approved = request.spec.decision?.approved === true;
  if (approved && status.approvedBy === undefined) return false;
  return conditionsOf(request, statusUpdate, "").every((wanted) =>
    status.conditions?.some((stored) =>
      stored.type === wanted.type && stored.status === wanted.status && stored.reason === wanted.reason
    )
  );
}

/** Whether there is anything to do or to write down. */
export function needsAction(step: Step): step is Exclude<Step, { type: "await" }> {
  return step.type === "write status" ? !hasStatus(step.request, step.statusUpdate) : step.type !== "await";
}

function conditionsOf(request: UpdateRequest, statusUpdate: StatusUpdate, time: string): Condition[] {
  const { decision, requireApproval } = request.spec;
  const { phase, reason, message, health } = statusUpdate;
  const conditions: Condition[] = [];
  const say = (type: string, status: Condition["status"], reason: string, message: string) => {
    const before = conditionOf(request, type);
    // one that is still to come is of a clock that was ahead: from now on it is now
    const stays = before?.status === status && !(Date.parse(before.lastTransitionTime) > Date.parse(time));
    const lastTransitionTime = stays ? before.lastTransitionTime : time;
    conditions.push({ type, status, reason, message, lastTransitionTime });
  };
  if (statusUpdate.confirmed === "True") say("Confirmed", "True", "InRegistry", "the registry has this version");
  else if (statusUpdate.confirmed) say("Confirmed", statusUpdate.confirmed, reason, message);
  if (decision) say("Approved", decision.approved ? "True" : "False", "Decided", decisionText(decision));
  else if (requireApproval !== false || reason === approvalGate.reason) {
    say("Approved", "Unknown", approvalGate.reason, "nobody has decided yet");
  }
  const appliedAt = statusUpdate.appliedAt ?? request.status?.appliedAt;
  if (appliedAt !== undefined) say("Applied", "True", "Applied", `applied at ${appliedAt}`);
  else say("Applied", phase === "Completed" ? "True" : "False", reason, message);
  const last = conditionOf(request, "Healthy");
  if (health) say("Healthy", health.status, health.reason, health.message);
  else if (last) conditions.push(last);
  if (phase === "Held" || phase === "RolledBack") say("Held", "True", reason, message);
  return conditions;
}
