import * as z from "zod";
import { addressOf } from "../address.ts";
import { table } from "../parts/table.ts";
import { counted } from "../pictures/numbers.ts";
import { decideMany } from "../parts/decide_many.ts";
import { emptyState } from "../parts/empty_state.ts";
import {
  listUpdates,
  PHASE_FILTERS,
  STEP_KINDS,
  UPDATE_FACETS,
  UPDATE_SORTS,
  type UpdateFacet,
  waitOf,
} from "../../../core/web.ts";
import type { UpdatePage, UpdateSort, Wait } from "../../../core/web.ts";
import { filters } from "../parts/filters.ts";
import { type Html, html } from "../html.ts";
import { lookOfPhase } from "../parts/looks.ts";
import { NAME, PAGE_NUMBER } from "../list_query.ts";
import { page, region } from "../page.ts";
import { limits, notice } from "../parts/notice.ts";
import { pager } from "../parts/pager.ts";
import * as cells from "../parts/update_cells.ts";
import { visibleUpdates } from "../identity/visible_updates.ts";

const query = z.object({
  search: z.string().max(200).optional(),
  namespace: NAME,
  kind: NAME,
  policy: NAME,
  phase: z.enum(PHASE_FILTERS).optional(),
  step: z.enum(STEP_KINDS).optional(),
  sort: z.enum(UPDATE_SORTS).default("state"),
  page: PAGE_NUMBER,
});

type Query = z.infer<typeof query>;

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
  path: "/updates",
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
    region("filters", filtersOf(data.found, query), { live: false }),
    region("updates", updates(data, query)),
    ...(data.decides ? [region("deciding", decideMany(), { live: false })] : []),
  ],
});

/** The address of the same list, with some of it otherwise. */
function at({ search, namespace, kind, policy, phase, step, sort, page }: Query, changes: Partial<Query>): string {
  const said = { search, namespace, kind, policy, phase, step, sort, page, ...changes };
  return addressOf("/updates", {
    ...said,
    sort: said.sort === "state" ? undefined : said.sort,
    page: said.page === 1 ? undefined : said.page,
  });
}

const LABELS: Record<UpdateFacet, [label: string, all: string]> = {
  namespace: ["Namespace", "All namespaces"],
  kind: ["Kind", "All kinds"],
  policy: ["Policy", "All policies"],
  phase: ["Phase", "All phases"],
  step: ["Step", "All steps"],
};

function filtersOf({ counts }: UpdatePage, query: Query): Html {
  const labelOf = (facet: UpdateFacet, value: string) =>
    facet === "phase" ? lookOfPhase(value).word : facet === "step" && value === "digest" ? "digest only" : value;
  return filters({
    action: "/updates",
    search: { label: "Search", placeholder: "workload, image, container, who decided", value: query.search },
    filters: UPDATE_FACETS.map((facet) => {
      const [label, all] = LABELS[facet];
      const options = counts[facet].map((option) => ({ ...option, label: labelOf(facet, option.value) }));
      return { name: facet, label, all, value: query[facet], options };
    }),
    kept: { sort: query.sort === "state" ? undefined : query.sort },
  });
}

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
  const href = at(query, { sort: query.sort === first ? other : first, page: 1 });
  const direction = query.sort.startsWith("-") ? "descending" as const : "ascending" as const;
  return { ...column, sort: { href, ...(isSorted ? { direction } : {}) } };
}

function updates(shown: Updates, query: Query): Html {
  const { found, waits, decidable, decides, isComplete, kept } = shown;
  const { rows, total, all, pages } = found;
  const left = isComplete
    ? ""
    : notice("warn", "There are many namespaces, and not all could be asked about: choose one");
  if (rows.length === 0) return html`${left}${nothing(shown, query)}`;
  const { workload, namespace, change, step, policy, state, decided, seen } = cells;
  const columns = [...decides ? [cells.tick] : [], workload, namespace, change, step, policy, state, decided, seen];
  const lines = rows.map((row) => ({ row, wait: waits.get(row.key), mayDecide: decidable.has(row.key) }));
  return html`
    ${left}
    ${table({
      id: "updates-table",
      caption: "Updates",
      columns: columns.map((column) => sorted(column, query)),
      rows: lines.map((line) => cells.rowOf(line, "u", columns)),
      head: columns.indexOf(workload),
    })}
    ${pager({
      page: query.page,
      pages,
      counted: total === all ? counted(total, "update") : `${total} of ${counted(all, "update")}`,
      href: (page) => at(query, { page }),
    })}
    ${limits(`The newest ${counted(kept, "finished request")} of each workload ${kept === 1 ? "is" : "are"} kept`)}
  `;
}

/** Why there is no line, and what to do about it. */
function nothing({ found: { total, all, pages }, isNamespaceEmpty }: Updates, query: Query): Html {
  if (total > 0) {
    return emptyState({
      title: `There is no page ${query.page}: the list has ${counted(pages, "page")}`,
      text: html`<a href="${at(query, { page: pages })}">To the last page</a>`,
    });
  }
  if (isNamespaceEmpty) {
    return emptyState({
      title: `There is no update in namespace ${query.namespace}, or you may not see it`,
      text: html`<a href="${at(query, { namespace: undefined, page: 1 })}">Show all namespaces</a>`,
    });
  }
  if (all > 0) {
    return emptyState({
      title: `None of ${counted(all, "update")} fits what is searched and chosen`,
      text: html`<a href="/updates">Show all updates</a>`,
    });
  }
  return emptyState({
    title: "There is no update yet",
    text: "Headwind makes one when a workload that has a policy could run a newer version. To see why one has none:",
    command: { id: "why-command", text: "kubectl headwind why deployment/NAME -n NAMESPACE" },
  });
}
