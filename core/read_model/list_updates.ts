import { type Phase, PHASES } from "../requests/phases.ts";
import { type ListPage, listPage, type ListQuery } from "./list_page.ts";
import { STEP_KINDS } from "./step_kind.ts";
import { updateOrder, type UpdateSort } from "./sort_updates.ts";
import type { UpdateRow } from "./update_row.ts";

/** What narrows a list of updates down: each a column, of which one value is chosen. */
export const UPDATE_FACETS = ["namespace", "kind", "policy", "phase", "step"] as const;
export type UpdateFacet = (typeof UPDATE_FACETS)[number];

/** Values of the filter `phase` that stand for several phases. */
export const PHASE_GROUPS = ["Unfinished", "Finished"] as const;
/** All values of the filter `phase`. */
export const PHASE_FILTERS: readonly (Phase | (typeof PHASE_GROUPS)[number])[] = [
  ...PHASE_GROUPS,
  ...Object.keys(PHASES) as Phase[],
];

/** What is asked of a list: words are searched in names, images, containers and who decided. */
export interface UpdateQuery extends ListQuery, Partial<Record<UpdateFacet, string | undefined>> {
  sort: UpdateSort;
}

export type UpdatePage = ListPage<UpdateRow, UpdateFacet>;

/** The page that a query asks for; without rows where it is past the last. Pure. */
export const listUpdates = (rows: readonly UpdateRow[], query: UpdateQuery): UpdatePage =>
  listPage(updateOrder.sorted(rows, query.sort), query, {
    facets: UPDATE_FACETS,
    valueOf: (row, facet) => row[facet],
    groupOf: (row, facet) => facet === "phase" ? row.stage === "finished" ? "Finished" : "Unfinished" : undefined,
    order: { phase: PHASE_FILTERS, step: STEP_KINDS },
  });
