import type { Workload } from "../match/workload.ts";
import type { UpdateRequest } from "./update_request.ts";

/** Why a request has to wait, and until when if time alone opens the gate. */
export interface ClosedGate {
  reason: string;
  message: string;
  /** Milliseconds since 1970. */
  until?: number;
}

export const WAITING_FOR_APPROVAL = "WaitingForApproval";

/** The first gate that is closed for a request, or undefined when it may be applied. */
export function gates(request: UpdateRequest, workload: Workload, now: number): ClosedGate | undefined {
  return annotations(request, workload) ?? approval(request, workload) ?? intervalGate(workload, now);
}

function annotations({ spec }: UpdateRequest, workload: Workload): ClosedGate | undefined {
  if (!spec.sighting || workload.mistakes.length === 0) return undefined;
  const what = workload.mistakes.map(({ message }) => message).join("; ");
  return { reason: "AnnotationsInvalid", message: `the workload's annotations cannot be read: ${what}` };
}

/**
 * Approval is wanted where it was when the request was made, which people were told, or is by now: what is made by hand
 * says that itself.
 */
function approval({ spec }: UpdateRequest, { settings }: Workload): ClosedGate | undefined {
  const asksNow = spec.sighting !== undefined && settings?.requireApproval === true;
  if (spec.decision?.approved || (spec.requireApproval === false && !asksNow)) return undefined;
  return { reason: WAITING_FOR_APPROVAL, message: `waits for approval of ${spec.newImage}` };
}

/** The gate of `min-update-interval`, which is the same for all requests of a workload. */
export function intervalGate(workload: Workload, now: number): ClosedGate | undefined {
  const last = Date.parse(workload.annotations.lastUpdate ?? "");
  const seconds = workload.settings?.minUpdateInterval ?? 0;
  const until = last + seconds * 1000;
  if (!(until > now) || last > now + seconds * 1000) return undefined;
  const message = `the workload was updated at ${new Date(last).toISOString()}, ` +
    `and again not before ${new Date(until).toISOString()} (min-update-interval)`;
  return { reason: "IntervalNotElapsed", message, until };
}
