import { PHASES } from "../requests/phases.ts";
import type { ListChange } from "./update_views.ts";
import { STAGES, type UpdateRow } from "./update_row.ts";
import { STEP_KINDS } from "./step_kind.ts";

/** What a list may be sorted by. */
export const SORT_KEYS = ["state", "seen", "since", "namespace", "workload", "policy", "phase", "step"] as const;
export type SortKey = (typeof SORT_KEYS)[number];
/** A key, the other way round behind a `-`. */
export type UpdateSort = SortKey | `-${SortKey}`;

export const UPDATE_SORTS: readonly UpdateSort[] = SORT_KEYS.flatMap((key) => [key, `-${key}`] as const);

const rankOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, rank) => [name, rank]));
const [stages, phases, steps] = [rankOf(STAGES), rankOf(Object.keys(PHASES)), rankOf(STEP_KINDS)];

/** What waits comes first, then what is under way, then what is held, then what is finished: each the newest first. */
const byState = (a: UpdateRow, b: UpdateRow): number => stages[a.stage]! - stages[b.stage]! || newest(a, b);
const newest = (a: UpdateRow, b: UpdateRow): number =>
  (b.since ?? b.seenAt) - (a.since ?? a.seenAt) || compare(a.key, b.key);
const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

const comparers: Record<SortKey, (a: UpdateRow, b: UpdateRow) => number> = {
  state: byState,
  seen: (a, b) => a.seenAt - b.seenAt,
  since: (a, b) => (a.since ?? a.seenAt) - (b.since ?? b.seenAt),
  namespace: (a, b) => compare(a.namespace, b.namespace) || compare(a.target, b.target),
  workload: (a, b) => compare(a.target, b.target) || compare(a.namespace, b.namespace),
  policy: (a, b) => compare(a.policy, b.policy),
  phase: (a, b) => (phases[a.phase] ?? -1) - (phases[b.phase] ?? -1),
  step: (a, b) => steps[a.step]! - steps[b.step]!,
};

const sorted = new WeakMap<readonly UpdateRow[], Map<UpdateSort, readonly UpdateRow[]>>();

/** Orders of a list that are kept when it changes: those that were asked for last. */
const MOST_ORDERS = 4;
/** Where more lines than this change at once, it is sorted anew. */
const FEW = 200;

/** The rows in order, worked out once for each list; those that are alike by the key in the order of `state`. */
export function sortRows(rows: readonly UpdateRow[], sort: UpdateSort): readonly UpdateRow[] {
  const known = sorted.get(rows) ?? new Map<UpdateSort, readonly UpdateRow[]>();
  sorted.set(rows, known);
  const result = known.get(sort) ?? rows.toSorted(comparerOf(sort));
  known.delete(sort);
  known.set(sort, result);
  return result;
}

/** Gives a list that has changed a little the orders that it had before: what is new is put into its place. */
export function carrySorts(from: readonly UpdateRow[], to: readonly UpdateRow[], { gone, added }: ListChange): void {
  const known = sorted.get(from);
  if (!known || gone.size > FEW || added.length > FEW) return;
  const kept = [...known].slice(-MOST_ORDERS);
  sorted.set(to, new Map(kept.map(([sort, rows]) => [sort, merged(rows, gone, added, comparerOf(sort))])));
}

function merged(
  rows: readonly UpdateRow[],
  gone: ReadonlySet<UpdateRow>,
  added: readonly UpdateRow[],
  compare: (a: UpdateRow, b: UpdateRow) => number,
): UpdateRow[] {
  const result = gone.size === 0 ? [...rows] : rows.filter((row) => !gone.has(row));
  for (const row of added) {
    let [low, high] = [0, result.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(result[middle]!, row) <= 0) low = middle + 1;
      else high = middle;
    }
    result.splice(low, 0, row);
  }
  return result;
}

function comparerOf(sort: UpdateSort): (a: UpdateRow, b: UpdateRow) => number {
  const [key, direction] = sort.startsWith("-") ? [sort.slice(1) as SortKey, -1] : [sort as SortKey, 1];
  const comparer = comparers[key];
  return (a, b) => direction * comparer(a, b) || byState(a, b);
}
