import type { Workload } from "../workloads/workload.ts";
import type { UpdateRequest } from "../requests/update_request.ts";

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
  return annotations(request, workload) ?? approval(request, workload) ??
    intervalGate(workload, now, waitsSince(request));
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

/**
 * The gate of `min-update-interval`, which is the same for all requests of a workload. A last update that is still to come is of
 * a clock that was ahead: it counts from when a request was first told to wait for it, in milliseconds since 1970.
 */
export function intervalGate(workload: Workload, now: number, waitsSince?: number): ClosedGate | undefined {
  const { lastUpdate = "" } = workload.annotations;
  const last = Date.parse(lastUpdate);
  const isAhead = last > now;
  const from = isAhead ? Math.min(waitsSince ?? now, now) : last;
  const until = from + (workload.settings?.minUpdateInterval ?? 0) * 1000;
  if (!(until > now)) return undefined;
  const said = isAhead ? `${lastUpdate.slice(0, 64)}, which is still to come` : new Date(last).toISOString();
  const message = `the workload was updated at ${said}, ` +
    `and again not before ${new Date(until).toISOString()} (min-update-interval)`;
  return { reason: "IntervalNotElapsed", message, until };
}

/** Since when its status says that a request waits for the interval. */
function waitsSince({ status }: UpdateRequest): number | undefined {
  const step = status?.steps?.at(-1);
  return step?.reason === "IntervalNotElapsed" ? Date.parse(step.at) : undefined;
}
