import { type ListPage, listPage, type ListQuery } from "./list_page.ts";
import { WORKLOAD_STATES, type WorkloadRow } from "./workload_row.ts";
import { workloadOrder, type WorkloadSort } from "./sort_workloads.ts";

/** What narrows a list of workloads down: each a column, of which one value is chosen. */
export const WORKLOAD_FACETS = ["namespace", "kind", "policy", "state"] as const;
export type WorkloadFacet = (typeof WORKLOAD_FACETS)[number];

/** What is asked of a list: words are searched in names, containers and images. */
export interface WorkloadQuery extends ListQuery, Partial<Record<WorkloadFacet, string | undefined>> {
  sort: WorkloadSort;
}

export type WorkloadPage = ListPage<WorkloadRow, WorkloadFacet>;

/** The page that a query asks for; without rows where it is past the last. Pure. */
export const listWorkloads = (rows: readonly WorkloadRow[], query: WorkloadQuery): WorkloadPage =>
  listPage(workloadOrder.sorted(rows, query.sort), query, {
    facets: WORKLOAD_FACETS,
    valueOf: (row, facet) => row[facet],
    order: { state: WORKLOAD_STATES },
  });
