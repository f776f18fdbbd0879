import type { HealthCondition } from "./verify.ts";
import type { Phase } from "../requests/phases.ts";
import type { Reason, ReportedReason } from "../requests/reasons.ts";
import type { RolloutSample, UpdateRequest } from "../requests/update_request.ts";
import type { HealthReading, PodCounts } from "../plugin/reading.ts";
import type { Slot } from "../plugin.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";
import type { Hold } from "../requests/holds.ts";
import type { Workload } from "../workloads/workload.ts";

/** Whom to believe that there is a version: the registry alone, or also who told of it and proved itself. */
export type WebhookTrust = "registry" | "proof";

/**
 * What the registry said of a version that a webhook named; "asked" where it has not answered yet. `moved` is the digest that
 * the tag has there, where it is another one.
 */
export type Lookup = "found" | "absent" | "asked" | { moved: string } | { unavailable: string };

/** All that the next step of a workload's requests follows from. */
export interface Situation {
  /** All requests of one workload: the finished ones are the memory of what was applied. */
  requests: readonly UpdateRequest[];
  workload: Workload | "missing" | "unknown kind";
  /** Milliseconds since 1970. */
  now: number;
  /** By uid of the request; what was asked in this pass. */
  lookups: ReadonlyMap<string, Lookup>;
  /** By uid of the request; how the workload was found in this pass, if it is known by now. */
  readings: ReadonlyMap<string, HealthReading>;
  /** Milliseconds between two readings of a failing workload. */
  readingInterval: number;
  /** `HEADWIND_WEBHOOK_TRUST` as it is now. */
  trust: WebhookTrust;
}

/** What is to be written into a request's status: its phase, and why. */
export interface StatusUpdate {
  phase: Phase;
  /** In CamelCase, for conditions, Events and metrics. */
  reason: Reason | ReportedReason;
  /** A sentence for people. */
  message: string;
  /** Whether the registry was asked and knows the version; undefined where it need not be asked. */
  confirmed?: "True" | "False" | "Unknown";
  /** RFC 3339: when its version was brought into the workload. */
  appliedAt?: string;
  health?: HealthCondition;
  /** What is known of the workload's pods, for a sample beside it. */
  pods?: PodCounts;
  /** Its conditions have times that are still to come, of a clock that was ahead: they are written again. */
  isAhead?: boolean;
}

/** What is to be done next for a request. */
export type Step =
  | { type: "look up"; request: UpdateRequest }
  | { type: "read health"; request: UpdateRequest; workload: Workload; slots: SlotGroup; appliedAt: string }
  | { type: "write status"; request: UpdateRequest; statusUpdate: StatusUpdate; until?: number }
  /** Only the samples of its rollout are news. */
  | { type: "write samples"; request: UpdateRequest; rollout: readonly RolloutSample[]; until?: number }
  /** Nothing, until an answer comes, or it is `until` (milliseconds since 1970). It is not written down. */
  | { type: "await"; what: "registry" | "checks"; request: UpdateRequest; until?: number }
  | PatchStep;

/** A slot, and the image or version to write into it. */
export interface Move {
  slot: Slot;
  image: string;
}

/** A change of the workload: of all these slots at once. */
export type PatchStep =
  & { request: UpdateRequest; workload: Workload; slots: SlotGroup }
  & (
    | { type: "apply" }
    | { type: "mark verified" }
    | { type: "roll back"; moves: readonly [Move, ...Move[]]; reason: string }
    | { type: "hold"; holds: readonly [Hold, ...Hold[]] }
  );
