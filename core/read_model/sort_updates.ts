import { type Compare, createListOrder } from "./list_order.ts";
import { compareText } from "../lib/compare_text.ts";
import { PHASES } from "../requests/phases.ts";
import { STAGES, type UpdateRow } from "./update_row.ts";
import { STEP_KINDS } from "./step_kind.ts";

/** What a list of updates may be sorted by. */
const SORT_KEYS = ["state", "seen", "since", "namespace", "workload", "policy", "phase", "step"] as const;
type SortKey = (typeof SORT_KEYS)[number];
/** A key, the other way round behind a `-`. */
export type UpdateSort = SortKey | `-${SortKey}`;

export const UPDATE_SORTS: readonly UpdateSort[] = SORT_KEYS.flatMap((key) => [key, `-${key}`] as const);

const rankOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, rank) => [name, rank]));
const [stages, phases, steps] = [rankOf(STAGES), rankOf(Object.keys(PHASES)), rankOf(STEP_KINDS)];

/** What waits comes first, then what is under way, then what is held, then what is finished: each the newest first. */
const byState: Compare<UpdateRow> = (a, b) => stages[a.stage]! - stages[b.stage]! || newest(a, b);
const newest: Compare<UpdateRow> = (a, b) => (b.since ?? b.seenAt) - (a.since ?? a.seenAt) || compareText(a.key, b.key);

const comparers: Record<SortKey, Compare<UpdateRow>> = {
  state: byState,
  seen: (a, b) => a.seenAt - b.seenAt,
  since: (a, b) => (a.since ?? a.seenAt) - (b.since ?? b.seenAt),
  namespace: (a, b) => compareText(a.namespace, b.namespace) || compareText(a.target, b.target),
  workload: (a, b) => compareText(a.target, b.target) || compareText(a.namespace, b.namespace),
  policy: (a, b) => compareText(a.policy, b.policy),
  phase: (a, b) => (phases[a.phase] ?? -1) - (phases[b.phase] ?? -1),
  step: (a, b) => steps[a.step]! - steps[b.step]!,
};

/** Updates in their orders; those that are alike by the key in the order of `state`. */
export const updateOrder = createListOrder<UpdateRow, UpdateSort>((sort) => {
  const [key, direction] = sort.startsWith("-") ? [sort.slice(1) as SortKey, -1] : [sort as SortKey, 1];
  const comparer = comparers[key];
  return (a, b) => direction * comparer(a, b) || byState(a, b);
});
