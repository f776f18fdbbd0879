import { type Compare, createListOrder } from "./list_order.ts";
import { compareText } from "../lib/compare_text.ts";
import { WORKLOAD_STATES, type WorkloadRow } from "./workload_row.ts";

/** What a list of workloads may be sorted by. */
export const WORKLOAD_SORTS = ["state", "workload", "namespace", "policy"] as const;
export type WorkloadSort = (typeof WORKLOAD_SORTS)[number];

const byName: Compare<WorkloadRow> = (a, b) => compareText(a.target, b.target) || compareText(a.namespace, b.namespace);

const comparers: Record<WorkloadSort, Compare<WorkloadRow>> = {
  state: (a, b) => WORKLOAD_STATES.indexOf(a.state) - WORKLOAD_STATES.indexOf(b.state),
  workload: byName,
  namespace: (a, b) => compareText(a.namespace, b.namespace),
  policy: (a, b) => compareText(a.policy, b.policy),
};

/** Workloads in their orders; those that are alike by the key by their names. */
export const workloadOrder = createListOrder<WorkloadRow, WorkloadSort>((sort) => {
  const comparer = comparers[sort];
  return (a, b) => comparer(a, b) || byName(a, b);
});
