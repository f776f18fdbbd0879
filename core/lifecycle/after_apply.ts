import { DEFAULT_VERIFICATION } from "../workloads/read_annotations.ts";
import { actorText, HEADWIND } from "../requests/actors.ts";
import { byWhom, heldForAny, type Hold, holdsOfLeft } from "../requests/holds.ts";
import { isNonEmpty, type SlotGroup } from "../workloads/slot_group.ts";
import { isSameVersion, runs } from "../versions/compare.ts";
import { lastEntry, readHistory } from "../requests/history.ts";
import { rollbackMoves } from "./rollback.ts";
import { type HealthCondition, isAhead, verify } from "./verify.ts";
import type { HealthReading } from "../plugin/reading.ts";
import { reported } from "../requests/reasons.ts";
import { slotsText, theyRun } from "../requests/containers.ts";
import type { StatusUpdate, Step } from "./step.ts";
import type { Condition, UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

export interface AppliedInput {
  request: UpdateRequest;
  /** All requests of the containers that it is for. */
  requests: readonly UpdateRequest[];
  workload: Workload;
  slots: SlotGroup;
  now: number;
  reading: HealthReading | undefined;
  /** Milliseconds between two readings of a failing workload. */
  readingInterval: number;
}

/** When a request's version was brought into its workload (RFC 3339), by the history or by its own status. */
export function appliedAt({ metadata, status }: UpdateRequest, { annotations }: Workload): string | undefined {
  const entry = readHistory(annotations.history)
    .find(({ updateRequestUid, rollback }) => updateRequestUid === metadata.uid && !rollback);
  return entry?.timestamp ?? status?.appliedAt;
}

/** The next step of a request whose version runs: it is verified if Headwind itself brought it in. */
export function stepWhileRunning(input: AppliedInput): Step {
  const { request, workload, slots, now } = input;
  const { history } = workload.annotations;
  const at = appliedAt(request, workload);
  const pods = input.reading?.pods ? { pods: input.reading.pods } : {};
  const write = (statusUpdate: StatusUpdate, until?: number): Step => ({
    type: "write status",
    request,
    statusUpdate: { ...statusUpdate, ...(at === undefined ? {} : { appliedAt: at }), ...pods },
    ...(until === undefined ? {} : { until }),
  });
  const { newImage } = request.spec;
  const itRuns = `${slotsText(slots)} ${theyRun(slots)} ${newImage}`;
  if (at === undefined || request.status?.phase === "Held") {
    const message = `${itRuns}, which somebody else brought in`;
    return write({ phase: "Completed", reason: "AlreadyRuns", message });
  }
  const entries = slots.map(({ name }) => lastEntry(history, name));
  const isLast = entries.every((entry) => entry?.updateRequestUid === request.metadata.uid);
  const settings = workload.settings?.verification ?? DEFAULT_VERIFICATION;
  const verified = `${itRuns} and ${slots.length === 1 ? "has" : "have"} stayed healthy for ${settings.soak} s`;
  if (isLast && entries.every((entry) => entry?.verified)) {
    const health: HealthCondition = {
      status: "True",
      reason: "Healthy",
      message: "it has stayed healthy for the soak time",
    };
    return write({ phase: "Completed", reason: "Verified", message: verified, health });
  }
  if (!input.reading) return { type: "read health", request, workload, slots, appliedAt: at };
  const reading = workload.settings || workload.mistakes.length > 0 ? input.reading : unmanaged;
  const conditions = request.status?.conditions ?? [];
  const [before, applied] = ["Healthy", "Applied"].map((wanted) => conditions.find(({ type }) => type === wanted));
  const ahead = [before, applied].some((one) => one && isAhead(one, now)) ? { isAhead: true } : {};
  const verification = verify({
    reading,
    settings: reading.pending ? { ...settings, timeout: settings.timeout + LONGEST_CHECK_SECONDS } : settings,
    before,
    appliedAt: begunAt(at, applied, now),
    now,
    interval: input.readingInterval,
  });
  const health = { ...verification.health, message: withWarnings(verification.health.message, workload) };
  const { message } = health;
  const reason = reported(health.reason);
  if (verification.type === "wait" && reading.pending) {
    return { type: "await", what: "checks", request, until: verification.until };
  }
  if (verification.type === "wait") {
    const until = input.reading.again ? Math.min(verification.until, now + input.readingInterval) : verification.until;
    return write({ phase: "Verifying", reason, message, health, ...ahead }, until);
  }
  if (verification.type === "unseen") {
    const what = `${itRuns}; not verified: ${message}`;
    return write({ phase: "Completed", reason, message: what, health });
  }
  if (verification.type === "passed") {
    if (isLast) return { type: "mark verified", request, workload, slots };
    return write({ phase: "Completed", reason: "Verified", message: verified, health });
  }
  if (!workload.settings?.verification.autoRollback) {
    const what = `${message}; auto-rollback is not set: left as it is`;
    return write({ phase: "Failed", reason, message: what, health });
  }
  const moves = isLast ? rollbackMoves(history, slots) : undefined;
  if (moves) return { type: "roll back", request, workload, slots, moves, reason: verification.health.message };
  const others = slots.filter((_, index) => entries[index] && entries[index].updateRequestUid !== request.metadata.uid);
  const why = others.length === 0
    ? "the history knows no version to go back to"
    : `${slotsText(others)} ${others.length === 1 ? "was" : "were"} brought back to ${newImage} by somebody else`;
  const what = `${message}; ${why}: left as it is`;
  return write({ phase: "Failed", reason: "NoRollbackTarget", message: what, health });
}

/**
 * When it was applied, as far as that lies behind: a clock that was ahead must not prolong the time that is given. Then it is
 * when that was first written down, by a condition that is mended where it is ahead itself.
 */
function begunAt(appliedAt: string, applied: Condition | undefined, now: number): number {
  const at = Date.parse(appliedAt);
  if (at <= now) return at;
  return applied?.status === "True" && !isAhead(applied, now) ? Date.parse(applied.lastTransitionTime) : now;
}

/** The next step of a request whose version was applied and does not run any more; none where there is nothing to say. */
export function stepAfterLeft(input: AppliedInput): Step | undefined {
  const { request, requests, workload, slots, now } = input;
  const { newImage } = request.spec;
  const gone = slots.filter(({ current }) => !runs(current, newImage));
  const at = appliedAt(request, workload);
  const phase = request.status?.phase;
  const write = (statusUpdate: StatusUpdate): Step => ({
    type: "write status",
    request,
    statusUpdate: { ...statusUpdate, ...(at === undefined ? {} : { appliedAt: at }) },
  });
  const last = gone.map(({ name }) => lastEntry(workload.annotations.history, name))
    .find((entry) => entry?.rollback && isSameVersion(entry.rollback.of, newImage));
  if (last?.rollback) {
    const { by, reason } = last.rollback;
    const { afterRollback } = workload.plugin;
    const message =
      `rolled back to ${last.image} by ${actorText(by)}: ${reason}; not offered again until a person resumes` +
      (afterRollback ? `; ${afterRollback}` : "");
    const said = request.status?.conditions?.find(({ type }) => type === "Healthy")?.status === "False";
    const health: HealthCondition = { status: "False", reason: "RolledBack", message: reason };
    return write({
      phase: "RolledBack",
      reason: "RolledBack",
      message,
      ...(by === HEADWIND && !said ? { health } : {}),
    });
  }
  const holds = holdsOfLeft(workload, gone, requests, new Date(now).toISOString(), newImage);
  if (isNonEmpty(holds)) return { type: "hold", request, workload, slots, holds };
  const hold = heldForAny(workload, gone, newImage, requests);
  const itself = hold?.image !== undefined && isSameVersion(hold.image, newImage);
  if (hold && (itself || phase !== "Completed")) return write(heldStatus(newImage, hold));
  if (phase === "Completed") return undefined;
  if (phase === "Held") {
    const message = `let go by a person: ${newImage} is offered again when it is seen again`;
    return write({ phase: "Superseded", reason: "Resumed", message });
  }
  const message = `${slotsText(gone)} ${theyRun(gone)} ${
    gone[0]?.current
  } now: ${newImage} was left before it was verified`;
  return write({ phase: "Superseded", reason: "Moved", message });
}

/** The status of a request whose version is held. */
export function heldStatus(image: string, hold: Pick<Hold, "by" | "reason">): StatusUpdate {
  const message = `${image} is held${byWhom(hold)}: ${hold.reason}; not offered again until a person resumes`;
  return { phase: "Held", reason: "VersionHeld", message };
}

/** Checks that are read for so long after the deadline do not hold up the verdict any longer. */
const LONGEST_CHECK_SECONDS = 60;

const unmanaged: HealthReading = {
  state: "none",
  reason: "Unmanaged",
  message: "it has no policy any more, or is being deleted",
};

/** What was read in another way than it is written belongs to the reasons. */
function withWarnings(message: string, { warnings }: Workload): string {
  return warnings.length === 0 ? message : `${message} (${warnings.map(({ message }) => message).join("; ")})`;
}
