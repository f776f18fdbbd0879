import * as z from "zod";
import { table } from "../parts/table.ts";
import { decideMany } from "../parts/decide_many.ts";
import { emptyState } from "../parts/empty_state.ts";
import {
  listUpdates,
  PHASE_FILTERS,
  PHASE_GROUPS,
  STEP_KINDS,
  UPDATE_FACETS,
  UPDATE_SORTS,
  waitOf,
} from "../../../core/web.ts";
import type { UpdatePage, UpdateSort, Wait } from "../../../core/web.ts";
import { type Html, html } from "../html.ts";
import * as lists from "../parts/list.ts";
import { lookOfPhase } from "../parts/looks.ts";
import { page, region } from "../page.ts";
import { keptFinished, limits } from "../parts/notice.ts";
import * as cells from "../parts/update_cells.ts";
import { visibleUpdates } from "../identity/visible_updates.ts";

const query = z.object({
  ...lists.FIELDS,
  phase: z.enum(PHASE_FILTERS).optional(),
  step: z.enum(STEP_KINDS).optional(),
  sort: z.enum(UPDATE_SORTS).default(lists.USUAL_SORT),
});

type Query = z.infer<typeof query>;

const list: lists.List = {
  path: "/updates",
  noun: "update",
  facets: UPDATE_FACETS,
  searched: "workload, image, container, who decided",
  labelOf: (facet, value) =>
    facet === "phase" ? lookOfPhase(value).word : facet === "step" && value === "digest" ? "digest only" : value,
};

/** What the page shows. */
interface Updates {
  found: UpdatePage;
  /** Of the rows that are shown. */
  waits: ReadonlyMap<string, Wait>;
  decidable: ReadonlySet<string>;
  decides: boolean;
  isComplete: boolean;
  /** Whether there is any in the namespace that is chosen. */
  isNamespaceEmpty: boolean;
  /** Finished requests that are kept of each workload. */
  kept: number;
}

/** All updates: one line each, searched, filtered, sorted, in pages. The address holds what is shown. */
export default page<typeof query, Updates>({
  path: list.path,
  query,
  async read({ context, person, query, now }) {
    const { rows, mayDecide, decides, isComplete } = await visibleUpdates({ context, person }, query.namespace);
    const found = listUpdates(rows, { ...query, size: context.settings.ui().max_items_per_page });
    const waits = new Map<string, Wait>();
    for (const { key, request, workload } of found.rows) {
      const wait = waitOf(request, context.workloads.get(workload), now.getTime());
      if (wait) waits.set(key, wait);
    }
    const decidable = new Set(found.rows.filter(mayDecide).map(({ key }) => key));
    const isNamespaceEmpty = query.namespace !== undefined && !rows.some((row) => row.namespace === query.namespace);
    return {
      found,
      waits,
      decidable,
      decides,
      isComplete,
      isNamespaceEmpty,
      kept: context.config.HEADWIND_KEEP_FINISHED,
    };
  },
  title: () => "Updates",
  regions: (data, { query }) => [
    region("filters", lists.filtersOf(list, data.found, query), { live: false }),
    region("updates", updates(data, query)),
    ...(data.decides ? [region("deciding", decideMany(), { live: false })] : []),
  ],
});

/** What a press on the head of a column sorts by; again, the other way round. */
const SORTS = new Map<cells.UpdateColumn, UpdateSort>([
  [cells.workload, "workload"],
  [cells.namespace, "namespace"],
  [cells.step, "step"],
  [cells.policy, "policy"],
  [cells.state, "state"],
  [cells.seen, "-seen"],
]);

function sorted(column: cells.UpdateColumn, query: Query): cells.UpdateColumn {
  const first = SORTS.get(column);
  if (first === undefined) return column;
  const other = (first.startsWith("-") ? first.slice(1) : `-${first}`) as UpdateSort;
  const isSorted = [first, other].includes(query.sort);
  const href = lists.addressIn(list, query, { sort: query.sort === first ? other : first, page: 1 });
  const direction = query.sort.startsWith("-") ? "descending" as const : "ascending" as const;
  return { ...column, sort: { href, ...(isSorted ? { direction } : {}) } };
}

function updates(shown: Updates, query: Query): Html {
  const { found, waits, decidable, decides, isComplete, kept } = shown;
  const { rows } = found;
  const left = lists.notAllAsked(isComplete);
  if (rows.length === 0) return html`${left}${nothing(shown, query)}`;
  const { workload, namespace, change, step, policy, state, seen } = cells;
  const columns = [...decides ? [cells.tick] : [], workload, namespace, change, step, policy, state, seen];
  const lines = rows.map((row) => ({ row, wait: waits.get(row.key), mayDecide: decidable.has(row.key) }));
  return html`
    ${left}
    ${table({
      id: "updates-table",
      caption: "Updates",
      class: "updates",
      columns: columns.map((column) => sorted(column, query)),
      rows: lines.map((line) => cells.rowOf(line, "u", columns)),
      head: columns.indexOf(workload),
    })}
    ${lists.pagerOf(list, found, query)}
    ${limits(keptFinished(kept))}
  `;
}

/** Where the updates are that a list of one phase has no more, such as those that were just decided on; undefined where there are none. */
function movedOn({ total, counts }: UpdatePage, query: Query): Html | undefined {
  const { phase } = query;
  const elsewhere = counts.phase.filter(({ value }) => !PHASE_GROUPS.some((group) => group === value));
  if (phase === undefined || total > 0 || elsewhere.length === 0) return undefined;
  const links = elsewhere.map(({ value, count }, index) =>
    html`${index > 0 ? ", " : ""}<a href="${lists.addressIn(list, query, { phase: value, page: 1 })}">${count} ${
      lookOfPhase(value).word
    }</a>`
  );
  return emptyState({
    title: `No update is ${lookOfPhase(phase).word} here now`,
    text: html`Those that were may have moved on: ${links}`,
  });
}

/** Why there is no line, and what to do about it. */
function nothing({ found, isNamespaceEmpty }: Updates, query: Query): Html {
  if (isNamespaceEmpty) {
    return emptyState({
      title: `There is no update in namespace ${query.namespace}, or you may not see it`,
      text: html`<a href="${lists.addressIn(list, query, { namespace: undefined, page: 1 })}">Show all namespaces</a>`,
    });
  }
  return movedOn(found, query) ?? lists.noneShown(list, found, query) ?? emptyState({
    title: "There is no update yet",
    text: "Headwind makes one when a workload that has a policy could run a newer version. To see why one has none:",
    command: { id: "why-command", text: "kubectl headwind why deployment/NAME -n NAMESPACE" },
  });
}
