import { isFor } from "../requests/containers.ts";
import { compareReferences, runs } from "../versions/compare.ts";
import type { Workload } from "../workloads/workload.ts";
import { conditionOf, isFinished, phaseOf, type UpdateRequest } from "../requests/update_request.ts";
import { phaseFacts } from "../requests/phases.ts";
import { reasonFacts } from "../requests/reasons.ts";

/**
 * The finished requests of a workload that need not be kept: all but the `keep` latest. A version that would be offered
 * again stays, since its request is the memory that it was rejected, or left, on purpose; and one that still has a
 * notification to be delivered.
 */
export function prunable(
  requests: readonly UpdateRequest[],
  workload: Workload | undefined,
  keep: number,
  hasPendingNotifications: (request: UpdateRequest) => boolean,
): UpdateRequest[] {
  const finished = requests.filter(isFinished)
    .sort((a, b) => (b.status?.lastUpdated ?? "").localeCompare(a.status?.lastUpdated ?? ""));
  return finished.slice(keep).filter((request) => !hasPendingNotifications(request) && !isMemory(request, workload));
}

/** Nobody left a version on purpose that failed, or that only gave way to a newer one. */
function isMemory(request: UpdateRequest, workload: Workload | undefined): boolean {
  const { spec } = request;
  const phase = phaseOf(request);
  if (phaseFacts(phase).isForgotten || reasonFacts(conditionOf(request, "Applied")?.reason)?.isForgotten) return false;
  return workload?.slots.some((slot) => {
    if (!isFor(request, slot.name)) return false;
    const above = compareReferences(slot.type, spec.newImage, slot.current);
    if (phase !== "Rejected" || runs(slot.current, spec.newImage)) return (above ?? 0) > 0;
    return above === undefined || above >= 0;
  }) ?? false;
}
