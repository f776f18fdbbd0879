import type { MetricName } from "../telemetry/catalog.ts";
import type { UpdateEventType } from "../plugin.ts";

/** When a finished request may be created again for the same version. `moved on`: Headwind itself has brought in another version since. */
export type RecreateRule = "always" | "by reason" | "resumed" | "resumed or moved on";

/** What a phase means, and what follows from it. */
export interface PhaseFacts {
  /** A sentence without a full stop. */
  meaning: string;
  /** Nothing follows, but that a completed version may be left by a person and is held then. */
  isFinal: boolean;
  /** Its version is still to be brought in. */
  isWaiting?: boolean;
  /** `kubectl headwind retry` creates it again: it does not go on by itself. */
  canRetry?: boolean;
  /** It is no memory of what was decided on its version, for which others are kept beyond `HEADWIND_KEEP_FINISHED`. */
  isForgotten?: boolean;
  /** When Headwind creates it again as its version is seen again: where that was never brought in, and where it was. Absent: never. */
  recreate?: { unapplied: RecreateRule; applied: RecreateRule };
  /**
   * It ends a request since its workload has moved, which is decided on the workload as it is after the request was made: the watch
   * may tell of the request before it tells of the workload that it was made for.
   */
  needsFreshWorkload?: boolean;
  /** The Event on the workload and on the request. */
  event: { reason: string; type: "Normal" | "Warning" };
  /** What notifiers are told of. */
  notification?: UpdateEventType;
  /** Counted when it is written. */
  metric?: MetricName;
}

/** The phases of an UpdateRequest, in the order of its life. Types, documentation and the CRD follow from this table. */
export const PHASES = {
  Pending: {
    meaning: "It waits for an approval, for a gate, or for the registry's word",
    isFinal: false,
    isWaiting: true,
    event: { reason: "UpdatePending", type: "Normal" },
  },
  Approved: {
    meaning: "A person approved it, and it waits for a gate or is about to be applied",
    isFinal: false,
    isWaiting: true,
    event: { reason: "UpdateApproved", type: "Normal" },
  },
  Verifying: {
    meaning: "Its version was brought in, and the workload is watched until it is healthy",
    isFinal: false,
    event: { reason: "UpdateApplied", type: "Normal" },
  },
  Completed: {
    meaning: "Its version runs",
    isFinal: true,
    canRetry: true,
    recreate: { unapplied: "resumed or moved on", applied: "resumed or moved on" },
    needsFreshWorkload: true,
    event: { reason: "UpdateCompleted", type: "Normal" },
    notification: "completed",
  },
  Rejected: {
    meaning: "A person rejected it",
    isFinal: true,
    canRetry: true,
    event: { reason: "UpdateRejected", type: "Normal" },
    notification: "rejected",
    metric: "rejected",
  },
  Failed: {
    meaning: "It cannot be applied, or the workload did not become healthy on it",
    isFinal: true,
    canRetry: true,
    isForgotten: true,
    recreate: { unapplied: "by reason", applied: "resumed" },
    needsFreshWorkload: true,
    event: { reason: "UpdateFailed", type: "Warning" },
    notification: "failed",
    metric: "failed",
  },
  RolledBack: {
    meaning: "The workload was taken back to the version before, and this one is held",
    isFinal: true,
    canRetry: true,
    recreate: { unapplied: "resumed or moved on", applied: "resumed or moved on" },
    needsFreshWorkload: true,
    event: { reason: "UpdateRolledBack", type: "Warning" },
    notification: "rolledBack",
  },
  Superseded: {
    meaning: "It is not wanted any more: there is a newer version, or the workload was moved or set otherwise",
    isFinal: true,
    canRetry: true,
    recreate: { unapplied: "by reason", applied: "always" },
    needsFreshWorkload: true,
    event: { reason: "UpdateSuperseded", type: "Normal" },
    notification: "superseded",
    metric: "superseded",
  },
  Held: {
    meaning: "Its version was left on purpose, and is not applied until a person resumes",
    isFinal: false,
    canRetry: true,
    event: { reason: "UpdateHeld", type: "Normal" },
    notification: "held",
  },
  Expired: {
    meaning: "It was not applied before `spec.expiresAt`",
    isFinal: true,
    canRetry: true,
    event: { reason: "UpdateExpired", type: "Normal" },
    notification: "expired",
  },
} as const satisfies Record<string, PhaseFacts>;

export type Phase = keyof typeof PHASES;

/** Of a phase that only a later Headwind knows. */
const unknown: PhaseFacts = { meaning: "", isFinal: false, event: PHASES.Pending.event };

/** What the table says of a phase, as it is stored. */
export const phaseFacts = (phase: Phase): PhaseFacts => PHASES[phase] ?? unknown;

/** Whether nothing follows a phase, but that a completed version may be left by a person and is held then. */
export const isFinal = (phase: Phase): boolean => phaseFacts(phase).isFinal;
