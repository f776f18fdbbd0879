import type { Standing } from "./lifecycle.ts";
import type { Condition, UpdateRequest, UpdateRequestStatus } from "./update_request.ts";

/**
 * The status that says where a request stands. Times already written stay, so that the same standing gives the same
 * status; `tellsNotifiers` marks a request whose steps are to be notified of.
 */
export function statusOf(
  request: UpdateRequest,
  standing: Standing,
  now: Date,
  tellsNotifiers: boolean,
): UpdateRequestStatus {
  const old = request.status ?? {};
  const { decision } = request.spec;
  const time = now.toISOString();
  const { phase, message } = standing;
  return {
    ...old,
    phase,
    message,
    lastUpdated: time,
    ...(decision?.approved ? { approvedBy: decision.by, approvedAt: old.approvedAt ?? time } : {}),
    ...(phase === "Rejected" && decision ? { rejectedBy: decision.by, rejectedAt: old.rejectedAt ?? time } : {}),
    ...(phase === "Completed" ? { appliedAt: old.appliedAt ?? time } : {}),
    ...(tellsNotifiers ? { notified: old.notified ?? [] } : {}),
    conditions: conditionsOf(request, standing, time),
  };
}

/** Whether the request's status already says this. */
export function stands(request: UpdateRequest, standing: Standing): boolean {
  const { status } = request;
  if (status?.phase !== standing.phase || status.message !== standing.message) return false;
  const approved = request.spec.decision?.approved === true;
  if (approved && status.approvedBy === undefined) return false;
  return conditionsOf(request, standing, "").every((wanted) =>
    status.conditions?.some((stored) =>
      stored.type === wanted.type && stored.status === wanted.status && stored.reason === wanted.reason
    )
  );
}

function conditionsOf(request: UpdateRequest, standing: Standing, time: string): Condition[] {
  const { decision, requireApproval } = request.spec;
  const conditions: Condition[] = [];
  const say = (type: string, status: Condition["status"], reason: string, message: string) => {
    const before = request.status?.conditions?.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : time;
    conditions.push({ type, status, reason, message, lastTransitionTime });
  };
  if (standing.confirmed === "True") say("Confirmed", "True", "InRegistry", "the registry has this version");
  else if (standing.confirmed) say("Confirmed", standing.confirmed, standing.reason, standing.message);
  if (decision?.approved) say("Approved", "True", "Decided", `approved by ${decision.by}`);
  else if (decision) say("Approved", "False", "Decided", `rejected by ${decision.by}`);
  else if (requireApproval !== false) say("Approved", "Unknown", "WaitingForApproval", "nobody has decided yet");
  say("Applied", standing.phase === "Completed" ? "True" : "False", standing.reason, standing.message);
  return conditions;
}
