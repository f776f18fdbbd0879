import type { Reason } from "../requests/reasons.ts";
import type { Condition } from "../requests/update_request.ts";
import type { HealthReading } from "../plugin/reading.ts";
import type { VerificationSettings } from "../workloads/annotations.ts";

export interface VerifyInput {
  reading: HealthReading;
  settings: VerificationSettings;
  /** The stored condition `Healthy`: all that is remembered from earlier readings. */
  before: Condition | undefined;
  /** Milliseconds since 1970, and not after `now`. */
  appliedAt: number;
  now: number;
  /** Milliseconds between two readings of a failing workload. */
  interval: number;
}

/** What the condition `Healthy` is to say. */
export interface HealthCondition {
  status: Condition["status"];
  reason: string;
  message: string;
}

/** Whether the change is good, and if that is not clear yet, when to look again. */
export type Verification =
  | { type: "passed"; health: HealthCondition }
  /** There is nothing that could be seen, so nothing was. */
  | { type: "unseen"; health: HealthCondition }
  | { type: "failed"; health: HealthCondition }
  | { type: "wait"; health: HealthCondition; until: number };

/**
 * Judges a change by a reading and by what the stored condition remembers: healthy since when, failing since when. Pure,
 * so that a new replica goes on where the last one stopped.
 */
export function verify(input: VerifyInput): Verification {
  const { settings, appliedAt, now } = input;
  const deadline = appliedAt + settings.timeout * 1000;
  const reading = readinessLost(input) ?? input.reading;
  const { reason, message } = reading;
  const { before } = input;
  const since = (status: Condition["status"]) => before?.status === status ? timeOf(before, now) : now;

  if (reading.state === "none") return { type: "unseen", health: { status: "Unknown", reason, message } };
  if (reading.state === "healthy") {
    const health: HealthCondition = { status: "True", reason, message };
    const until = since("True") + settings.soak * 1000;
    return now >= until ? { type: "passed", health } : { type: "wait", health, until };
  }
  if (reading.state === "failing") {
    const health: HealthCondition = { status: "False", reason, message };
    const counted = since("False") + (settings.retries - 1) * input.interval;
    const until = reading.mayHeal ? deadline : Math.min(counted, deadline);
    return now >= until ? { type: "failed", health } : { type: "wait", health, until };
  }
  if (before?.status === "True") {
    const until = since("True") + (settings.soak + settings.timeout) * 1000;
    if (now < until) return { type: "wait", health: { status: "True", reason: before.reason, message }, until };
  } else if (now < deadline) return { type: "wait", health: { status: "Unknown", reason, message }, until: deadline };
  if (reading.state === "waiting") return { type: "unseen", health: { status: "Unknown", reason, message } };
  const late = `not healthy within ${settings.timeout} s (rollback-timeout): ${message}`;
  return { type: "failed", health: { status: "False", reason: "NotHealthyInTime" satisfies Reason, message: late } };
}

const lost: Reason = "ReadinessLost";

/**
 * What was healthy on the new version and is not any more has failed, and not just begun. What was made since is only on
 * its way: a workload that is scaled up, or whose pods move to another node, has lost nothing.
 */
function readinessLost({ reading, before }: VerifyInput): HealthReading | undefined {
  const { state, message, unreadyFrom } = reading;
  if (state !== "progressing" || unreadyFrom === undefined || !before) return undefined;
  const wasHealthy = before.status === "True" || (before.status === "False" && before.reason === lost);
  if (!wasHealthy || Date.parse(unreadyFrom) > Date.parse(before.lastTransitionTime)) return undefined;
  return { state: "failing", reason: lost, message: `it was healthy and is not any more: ${message}` };
}

/** A time in the future is none: whoever finds one writes it anew, so that it counts from then on (`isAhead`). */
function timeOf(condition: Condition, now: number): number {
  return isAhead(condition, now) ? now : Date.parse(condition.lastTransitionTime);
}

/** Whether a condition was written by a clock that was ahead. */
export const isAhead = ({ lastTransitionTime }: Condition, now: number): boolean =>
  !(Date.parse(lastTransitionTime) <= now);
