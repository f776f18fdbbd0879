import type { MetricName } from "../telemetry/catalog.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";
import type { WorkloadSettings } from "../workloads/annotations.ts";

/** What a gate judges by, and `now` in milliseconds since 1970. */
export interface GateInput {
  request: UpdateRequest;
  workload: Workload;
  now: number;
}

/** Why a gate is closed. */
export interface Closed {
  /** A sentence without a full stop. */
  message: string;
  /** Milliseconds since 1970: time alone opens it then. */
  until?: number;
}

/**
 * What an UpdateRequest has to pass before it is applied. Pure. The lifecycle, `kubectl headwind why`, metrics and the documentation
 * read all that they know of gates here: another gate is another object in `GATES`, and a scenario in `test/model`.
 */
export interface Gate {
  name: string;
  /** When it is closed: a sentence without a full stop, for the documentation. */
  explanation: string;
  /** In CamelCase, as `status.reason` has it while it is closed. */
  reason: string;
  opensBy: "approval" | "time" | "change of annotations";
  /** The annotation that sets it, without `headwind.sh/`. */
  annotation?: string;
  /** Counted when a request begins to wait for it. */
  metric?: MetricName;
  /** Undefined where it is open. */
  evaluate(input: GateInput): Closed | undefined;
  /** What it asks of all updates of a workload, in a few words. */
  describe?(settings: WorkloadSettings): string | undefined;
  /** What an update would wait for that nobody has requested yet, in half a sentence. */
  forecast?(workload: Workload, now: number): string | undefined;
}

const annotationsGate: Gate = {
  name: "annotations",
  explanation: "The workload's annotations cannot be read",
  reason: "AnnotationsInvalid",
  opensBy: "change of annotations",
  evaluate({ request: { spec }, workload: { mistakes } }) {
    if (!spec.sighting || mistakes.length === 0) return undefined;
    return {
      message: `the workload's annotations cannot be read: ${mistakes.map(({ message }) => message).join("; ")}`,
    };
  },
};

/** Approval is wanted where it was when the request was made, which people were told, or is by now: what is made by hand says that itself. */
export const approvalGate: Gate = {
  name: "approval",
  explanation: "A person has to approve the update, and nobody has",
  reason: "WaitingForApproval",
  opensBy: "approval",
  annotation: "require-approval",
  evaluate({ request: { spec }, workload: { settings } }) {
    const asksNow = spec.sighting !== undefined && settings?.requireApproval === true;
    if (spec.decision?.approved || (spec.requireApproval === false && !asksNow)) return undefined;
    return { message: `waits for approval of ${spec.newImage}` };
  },
  describe: ({ requireApproval }) => requireApproval ? "each update wants an approval" : "no approval wanted",
  forecast: ({ settings }) => settings?.requireApproval ? "then it waits for approval" : undefined,
};

const intervalGate: Gate = {
  name: "interval",
  explanation: "The workload was updated too short a time ago",
  reason: "IntervalNotElapsed",
  opensBy: "time",
  annotation: "min-update-interval",
  metric: "skippedInterval",
  evaluate: ({ request, workload, now }) => intervalLeft(workload, now, waitsSince(request)),
  describe: ({ minUpdateInterval }) => minUpdateInterval > 0 ? `${minUpdateInterval} s between updates` : undefined,
  forecast: (workload, now) => intervalLeft(workload, now)?.message,
};

/**
 * A last update that is still to come is of a clock that was ahead: it counts from when a request was first told to wait for it,
 * in milliseconds since 1970.
 */
function intervalLeft(workload: Workload, now: number, waitsSince?: number): Required<Closed> | undefined {
  const { lastUpdate = "" } = workload.annotations;
  const last = Date.parse(lastUpdate);
  const isAhead = last > now;
  const from = isAhead ? Math.min(waitsSince ?? now, now) : last;
  const until = from + (workload.settings?.minUpdateInterval ?? 0) * 1000;
  if (!(until > now)) return undefined;
  const said = isAhead ? `${lastUpdate.slice(0, 64)}, which is still to come` : new Date(last).toISOString();
  const message = `the workload was updated at ${said}, ` +
    `and again not before ${new Date(until).toISOString()} (min-update-interval)`;
  return { message, until };
}

/** Since when its status says that a request waits for the interval. */
function waitsSince({ status }: UpdateRequest): number | undefined {
  const step = status?.steps?.at(-1);
  return step?.reason === intervalGate.reason ? Date.parse(step.at) : undefined;
}

/** All gates, in the order in which they are asked. */
export const GATES: readonly Gate[] = [annotationsGate, approvalGate, intervalGate];

/** The first gate that is closed for a request; undefined when it may be applied. */
export function closedGate(input: GateInput): Closed & { gate: Gate } | undefined {
  for (const gate of GATES) {
    const closed = gate.evaluate(input);
    if (closed) return { ...closed, gate };
  }
}
