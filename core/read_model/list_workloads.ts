import { createLru } from "../lib/lru.ts";
import { type ListPage, listPage, type ListQuery } from "./list_page.ts";
import type { UpdateRow } from "./update_row.ts";
import { MOST_NARROWED, type UpdateViews } from "./update_views.ts";
import { keyOf, type WorkloadIndex } from "../workloads/workload_index.ts";
import { WORKLOAD_STATES, type WorkloadRow, workloadRow } from "./workload_row.ts";

/** What narrows a list of workloads down. */
export const WORKLOAD_FACETS = ["namespace", "kind", "policy", "state"] as const;
export type WorkloadFacet = (typeof WORKLOAD_FACETS)[number];

/** What it may be sorted by. */
export const WORKLOAD_SORTS = ["state", "workload", "namespace", "policy"] as const;
export type WorkloadSort = (typeof WORKLOAD_SORTS)[number];

/** What is asked of a list: words are searched in names, containers and images. */
export interface WorkloadQuery extends ListQuery, Partial<Record<WorkloadFacet, string | undefined>> {
  sort: WorkloadSort;
}

export type WorkloadPage = ListPage<WorkloadRow, WorkloadFacet>;

/** The page that a query asks for; without rows where it is past the last. Pure. */
export const listWorkloads = (rows: readonly WorkloadRow[], query: WorkloadQuery): WorkloadPage =>
  listPage(inOrder(rows, query.sort), query, {
    facets: WORKLOAD_FACETS,
    valueOf: (row, facet) => row[facet],
    order: { state: WORKLOAD_STATES },
  });

const sorted = new WeakMap<readonly WorkloadRow[], Map<WorkloadSort, readonly WorkloadRow[]>>();

/** Worked out once for each list. */
function inOrder(rows: readonly WorkloadRow[], sort: WorkloadSort): readonly WorkloadRow[] {
  let known = sorted.get(rows);
  if (!known) sorted.set(rows, known = new Map());
  let result = known.get(sort);
  if (!result) {
    const rank = (row: WorkloadRow) => sort === "state" ? WORKLOAD_STATES.indexOf(row.state) : 0;
    const text = (row: WorkloadRow) => sort === "namespace" ? row.namespace : sort === "policy" ? row.policy : "";
    known.set(
      sort,
      result = rows.toSorted((a, b) =>
        rank(a) - rank(b) || compare(text(a), text(b)) || compare(a.target, b.target) ||
        compare(a.namespace, b.namespace)
      ),
    );
  }
  return result;
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

/** The workloads that Headwind looks after, or would if it could read their annotations, as lines of lists. */
export interface WorkloadViews {
  /** All of them, in no order; the same array until something changes. */
  all(): readonly WorkloadRow[];
  /** Those of these namespaces; the same array, too, for the same set. */
  of(namespaces: ReadonlySet<string>): readonly WorkloadRow[];
  /** All namespaces that have any, by name. */
  namespaces(): readonly string[];
}

/** Nothing is worked out before somebody asks, and each line once for each state of it. */
export function createWorkloadViews(
  workloads: Pick<WorkloadIndex, "all">,
  updates: Pick<UpdateViews, "all">,
): WorkloadViews {
  const none: readonly UpdateRow[] = [];
  let open = new Map<string, UpdateRow[]>();
  let openOf: readonly UpdateRow[] | undefined;
  let rows: readonly WorkloadRow[] = [];
  let narrowed = createLru<readonly WorkloadRow[]>(MOST_NARROWED);
  let namespaces: readonly string[] | undefined;

  const all = () => {
    const known = updates.all();
    const isSame = known === openOf;
    if (!isSame) {
      openOf = known;
      open = Map.groupBy(known.filter(({ stage }) => stage !== "finished"), ({ workload }) => workload);
    }
    const before = new Map(isSame ? rows.map((row) => [row.workload, row]) : []);
    let changed = !isSame;
    const now: WorkloadRow[] = [];
    for (const workload of workloads.all()) {
      if (!workload.settings && workload.mistakes.length === 0) continue;
      let row = before.get(workload);
      if (!row) {
        changed = true;
        row = workloadRow(workload, open.get(keyOf(workload)) ?? none);
      }
      now.push(row);
    }
    if (changed || now.length !== rows.length) {
      rows = now;
      narrowed = createLru(MOST_NARROWED);
      namespaces = undefined;
    }
    return rows;
  };
  return {
    all,
    of(wanted) {
      const rows = all();
      const key = [...wanted].sort().join("\n");
      let found = narrowed.get(key);
      if (!found) narrowed.set(key, found = rows.filter(({ namespace }) => wanted.has(namespace)));
      return found;
    },
    namespaces() {
      const rows = all();
      return namespaces ??= [...new Set(rows.map(({ namespace }) => namespace))].sort();
    },
  };
}
