import { nextSteps } from "../../../core/lifecycle/lifecycle.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import type { Hold } from "../../../core/requests/holds.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import type { Situation, Step } from "../../../core/lifecycle/step.ts";
import type { UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const now = Date.parse("2026-01-01T12:00:00Z");

/** The next steps for these requests at noon, where no registry was asked and no health read, unless they say so. */
export function steps(requests: UpdateRequest[], change: Partial<Situation> = {}): Step[] {
  const nothing = { lookups: new Map(), readings: new Map(), readingInterval: 10_000, trust: "proof" } as const;
  return nextSteps({ requests, workload: workloadOf(), now, ...nothing, ...change });
}

/** `apply`, `look up` and so on, or where it stands: `Pending WaitingForApproval`. */
export function told(step: Step | undefined): string {
  if (!step) return "nothing";
  return step.type === "write status" ? `${step.statusUpdate.phase} ${step.statusUpdate.reason}` : step.type;
}

/** What is told of each request, by the requests' names. */
export const byName = (...given: Parameters<typeof steps>): string[] =>
  steps(...given).sort((a, b) => a.request.metadata.name < b.request.metadata.name ? -1 : 1).map(told);

/** How the workload of the request `a` was found. */
export function found(state: HealthReading["state"]): ReadonlyMap<string, HealthReading> {
  return new Map([[requestOf().metadata.uid, { state, reason: "PodsNotUpdated", message: "not all pods yet" }]]);
}

/** A workload that runs this image, which a change of a minute ago brought in. */
export function ofHistory(
  image: string,
  entry: Partial<HistoryEntry>,
  annotations: Record<string, string> = {},
): Workload {
  const history = [{ image, previousImage: "app:1.0.0", timestamp: "2026-01-01T11:59:00Z", ...entry }];
  return workloadOf({ image, history, annotations });
}

/** A workload that holds this image for its container `app`. */
export const holding = (image: string, more: Partial<Hold> = {}): Workload =>
  workloadOf({ held: [{ image, ...more }] });
