import { type Phase, PHASES } from "../requests/phases.ts";
import { STEP_KINDS } from "./step_kind.ts";
import { sortRows, type UpdateSort } from "./sort_updates.ts";
import type { UpdateRow } from "./update_row.ts";

/** What narrows a list down: each a column, of which one value is chosen. */
export const FACETS = ["namespace", "kind", "policy", "phase", "step"] as const;
export type Facet = (typeof FACETS)[number];

/** Values of the filter `phase` that stand for several phases. */
export const PHASE_GROUPS = ["Unfinished", "Finished"] as const;
/** All values of the filter `phase`. */
export const PHASE_FILTERS: readonly (Phase | (typeof PHASE_GROUPS)[number])[] = [
  ...PHASE_GROUPS,
  ...Object.keys(PHASES) as Phase[],
];

/** What is asked of a list. */
export interface UpdateQuery extends Partial<Record<Facet, string>> {
  /** Words that all have to be found, in whatever case, in names, images, containers or who decided. */
  search?: string;
  sort: UpdateSort;
  /** From 1 on. */
  page: number;
  /** Rows of a page. */
  size: number;
}

export interface FacetCount {
  value: string;
  count: number;
}

/** One page of a list. */
export interface UpdatePage {
  rows: readonly UpdateRow[];
  /** How many fit the query. */
  total: number;
  /** How many there are without it. */
  all: number;
  /** 0 where nothing fits. */
  pages: number;
  /** What each filter would leave with the others as they are; those of one order first, others by name. */
  counts: Record<Facet, FacetCount[]>;
}

const order: Partial<Record<Facet, readonly string[]>> = { phase: PHASE_FILTERS, step: STEP_KINDS };

/** The page that a query asks for; without rows where it is past the last. Pure. */
export function listUpdates(rows: readonly UpdateRow[], query: UpdateQuery): UpdatePage {
  const { page, size } = query;
  const words = query.search?.toLowerCase().split(/\s+/).filter((word) => word !== "") ?? [];
  const wanted = FACETS.flatMap((facet) => query[facet] === undefined ? [] : [[facet, query[facet]] as const]);
  const counts = FACETS.map(() => new Map<string, number>());
  const fits: UpdateRow[] = [];
  for (const row of sortRows(rows, query.sort)) {
    if (words.length > 0 && !words.every((word) => row.text.includes(word))) continue;
    let missed = 0;
    let only: Facet | undefined;
    for (const [facet, value] of wanted) {
      if (isOf(row, facet, value)) continue;
      missed++;
      only = facet;
    }
    if (missed > 1) continue;
    for (let at = 0; at < FACETS.length; at++) {
      const facet = FACETS[at]!;
      if (missed === 1 && only !== facet) continue;
      add(counts[at]!, row[facet]);
      if (facet === "phase") add(counts[at]!, groupOfPhase(row));
    }
    if (missed === 0) fits.push(row);
  }
  const start = (page - 1) * size;
  return {
    rows: fits.slice(start, start + size),
    total: fits.length,
    all: rows.length,
    pages: Math.ceil(fits.length / size),
    counts: Object.fromEntries(
      FACETS.map((facet, at) => [facet, inOrder(facet, counts[at]!)]),
    ) as Record<Facet, FacetCount[]>,
  };
}

function isOf(row: UpdateRow, facet: Facet, value: string): boolean {
  return row[facet] === value || (facet === "phase" && groupOfPhase(row) === value);
}

const groupOfPhase = ({ stage }: UpdateRow): (typeof PHASE_GROUPS)[number] =>
  stage === "finished" ? "Finished" : "Unfinished";

const add = (counts: Map<string, number>, value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);

function inOrder(facet: Facet, counts: Map<string, number>): FacetCount[] {
  const known = order[facet] ?? [];
  const rank = (value: string) => known.includes(value) ? known.indexOf(value) : known.length;
  return [...counts].map(([value, count]) => ({ value, count }))
    .sort((a, b) => rank(a.value) - rank(b.value) || (a.value < b.value ? -1 : 1));
}
