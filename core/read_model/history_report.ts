import type { Hold } from "../requests/holds.ts";
import { historyOf } from "../lifecycle/manual_change.ts";
import type { HistoryEntry } from "../requests/history.ts";
import { isSameVersion, runs } from "../versions/compare.ts";
import type { Workload } from "../workloads/workload.ts";

/** A change, and what has become of its version. */
export interface HistoryRow extends HistoryEntry {
  /** It is the container's last change, and its version runs. */
  runs: boolean;
  /** Its version is held. */
  held: boolean;
}

/** The changes of a workload, newest first. Pure. */
export function historyReport(workload: Workload, holds: readonly Hold[]): HistoryRow[] {
  const newest = new Set<string>();
  return historyOf(workload).history.map((entry) => {
    const { container, image } = entry;
    const slot = workload.slots.find(({ name }) => name === container);
    const isNewest = !newest.has(container);
    newest.add(container);
    return {
      ...entry,
      runs: isNewest && slot !== undefined && runs(slot.current, image),
      held: holds.some((hold) =>
        hold.container === container && hold.image !== undefined && isSameVersion(hold.image, image)
      ),
    };
  });
}
