import type { Health } from "./verify.ts";
import type { Phase } from "../requests/phases.ts";
import type { Reason, ReportedReason } from "../requests/reasons.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Move } from "./patch.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";
import type { Hold } from "../requests/holds.ts";
import type { Workload } from "../workloads/workload.ts";

/** What is to be written down of a request: where it hasStatus, and why. */
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
  health?: Health;
  /** Its conditions have times that are still to come, of a clock that was ahead: they are written anew. */
  isAhead?: boolean;
}

/** What is to be done next for a request. */
export type Step =
  | { type: "look up"; request: UpdateRequest }
  | { type: "read health"; request: UpdateRequest; workload: Workload; slots: SlotGroup; appliedAt: string }
  | { type: "write status"; request: UpdateRequest; statusUpdate: StatusUpdate; until?: number }
  /** Nothing, until an answer comes, or it is `until` (milliseconds since 1970). It is not written down. */
  | { type: "await"; what: "registry" | "checks"; request: UpdateRequest; until?: number }
  | PatchStep;

/** A change of the workload: of all these slots at once. */
export type PatchStep =
  & { request: UpdateRequest; workload: Workload; slots: SlotGroup }
  & (
    | { type: "apply" }
    | { type: "mark verified" }
    | { type: "roll back"; moves: readonly [Move, ...Move[]]; reason: string }
    | { type: "hold"; holds: readonly [Hold, ...Hold[]] }
  );
