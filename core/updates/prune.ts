import { isFinished } from "./cache.ts";
import { order } from "./compare.ts";
import type { Workload } from "../match/workload.ts";
import type { UpdateRequest } from "./update_request.ts";

/**
 * The finished requests of a workload that need not be kept: all but the `keep` latest. One whose version is above what
 * runs stays unless it failed, since it is the memory that this version was rejected, or left, on purpose; and one that
 * still has a notification to be delivered.
 */
export function prunable(
  requests: readonly UpdateRequest[],
  workload: Workload | undefined,
  keep: number,
  owed: (request: UpdateRequest) => boolean,
): UpdateRequest[] {
  const finished = requests.filter(isFinished)
    .sort((a, b) => (b.status?.lastUpdated ?? "").localeCompare(a.status?.lastUpdated ?? ""));
  return finished.slice(keep).filter((request) => !owed(request) && !isAbove(request, workload));
}

function isAbove({ spec, status }: UpdateRequest, workload: Workload | undefined): boolean {
  if (status?.phase === "Failed") return false;
  const slot = workload?.slots.find(({ name }) => name === spec.containerName);
  return slot !== undefined && (order(spec.newImage, slot.current) ?? 0) > 0;
}
