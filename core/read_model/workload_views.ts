import { createListViews, type ListViews } from "./list_views.ts";
import { keyOf, type WorkloadIndex } from "../workloads/workload_index.ts";
import type { UpdateRow } from "./update_row.ts";
import type { UpdateViews } from "./update_views.ts";
import { workloadOrder } from "./sort_workloads.ts";
import { type WorkloadRow, workloadRow } from "./workload_row.ts";

/** The workloads that Headwind looks after, or would if it could read their annotations, as lines of lists. */
export type WorkloadViews = ListViews<WorkloadRow>;

/** Each line is worked out once for each state of its workload, and of the updates. */
export function createWorkloadViews(
  workloads: Pick<WorkloadIndex, "all">,
  updates: Pick<UpdateViews, "all">,
): WorkloadViews {
  const none: readonly UpdateRow[] = [];
  let open = new Map<string, UpdateRow[]>();
  let openOf: readonly UpdateRow[] | undefined;
  return createListViews({
    order: workloadOrder,
    renew(before) {
      const known = updates.all();
      const isSame = known === openOf;
      if (!isSame) {
        openOf = known;
        open = Map.groupBy(known.filter(({ stage }) => stage !== "finished"), ({ workload }) => workload);
      }
      const kept = new Map(isSame ? before.map((row) => [row.workload, row]) : []);
      const rows: WorkloadRow[] = [];
      let changed = !isSame;
      for (const workload of workloads.all()) {
        if (!workload.settings && workload.mistakes.length === 0) continue;
        let row = kept.get(workload);
        if (!row) {
          changed = true;
          row = workloadRow(workload, open.get(keyOf(workload)) ?? none);
        }
        rows.push(row);
      }
      return changed || rows.length !== before.length ? { rows } : undefined;
    },
  });
}
