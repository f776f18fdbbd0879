import * as z from "zod";
import { addressOf } from "../paths.ts";
import { counted } from "../pictures/numbers.ts";
import { emptyState } from "./empty_state.ts";
import { filters } from "./filters.ts";
import { type Html, html } from "../html.ts";
import { notice } from "./notice.ts";
import { pager } from "./pager.ts";
import type { FacetCount, UpdateFacet, WorkloadFacet } from "../../../core/web.ts";

type ListFacet = UpdateFacet | WorkloadFacet;

/** A list that is searched, narrowed down, sorted, and read in pages; its address holds all of that. */
export interface List {
  path: string;
  /** What a line of it is: `update`. */
  noun: string;
  facets: readonly ListFacet[];
  /** What words are searched in, in words. */
  searched: string;
  /**
   * What a value of a filter is called.
   *
   * @default as it stands in the address
   */
  labelOf?(facet: ListFacet, value: string): string;
}

/** What is shown of it. */
export interface Shown {
  /** Lines that fit what is asked. */
  total: number;
  all: number;
  pages: number;
  counts: Partial<Record<ListFacet, readonly FacetCount[]>>;
}

const PAGE = "a whole number from 1 on is wanted";

/** A name of Kubernetes' that a list is narrowed down to. */
const NAME = z.string().max(253).optional();

/** What the address of each list may say; its own filters, and what it may be sorted by, come to that. */
export const FIELDS = {
  search: z.string().max(200).optional(),
  namespace: NAME,
  kind: NAME,
  policy: NAME,
  page: z.coerce.number<string>(PAGE).int(PAGE).min(1, PAGE)
    .max(Number.MAX_SAFE_INTEGER, "there are not so many pages").default(1),
};

/** What it is sorted by where the address does not say it. */
export const USUAL_SORT = "state";

interface ListQuery extends Partial<Record<ListFacet, string | undefined>> {
  search?: string | undefined;
  sort: string;
  page: number;
}

/** The address of the same list, with some of it otherwise. */
export function addressIn(
  { path, facets }: List,
  query: ListQuery,
  changes: Partial<ListQuery>,
): string {
  const said = { ...query, ...changes };
  return addressOf(path, {
    search: said.search,
    ...Object.fromEntries(facets.map((facet) => [facet, said[facet]])),
    sort: unusual(said.sort),
    page: said.page === 1 ? undefined : said.page,
  });
}

const unusual = (sort: string): string | undefined => sort === USUAL_SORT ? undefined : sort;

const LABELS: Record<ListFacet, [label: string, all: string]> = {
  namespace: ["Namespace", "All namespaces"],
  kind: ["Kind", "All kinds"],
  policy: ["Policy", "All policies"],
  phase: ["Phase", "All phases"],
  step: ["Step", "All steps"],
  state: ["State", "All states"],
};

/** What it is searched and narrowed down by, with how many lines each choice would leave. */
export function filtersOf(
  { path, facets, searched, labelOf = (_, value) => value }: List,
  { counts }: Pick<Shown, "counts">,
  query: ListQuery,
): Html {
  return filters({
    action: path,
    search: { label: "Search", placeholder: searched, value: query.search },
    filters: facets.map((facet) => {
      const [label, all] = LABELS[facet];
      const options = (counts[facet] ?? []).map((option) => ({ ...option, label: labelOf(facet, option.value) }));
      return { name: facet, label, all, value: query[facet], options };
    }),
    kept: { sort: unusual(query.sort) },
  });
}

/** The way through its pages. */
export function pagerOf(
  list: List,
  { total, all, pages }: Shown,
  query: ListQuery,
): Html {
  return pager({
    page: query.page,
    pages,
    counted: total === all ? counted(total, list.noun) : `${total} of ${counted(all, list.noun)}`,
    href: (page) => addressIn(list, query, { page }),
  });
}

/** Why none of the lines that there are is shown; undefined where there are none. */
export function noneShown(
  list: List,
  { total, all, pages }: Shown,
  query: ListQuery,
): Html | undefined {
  if (total > 0) {
    return emptyState({
      title: `There is no page ${query.page}: the list has ${counted(pages, "page")}`,
      text: html`<a href="${addressIn(list, query, { page: pages })}">To the last page</a>`,
    });
  }
  if (all === 0) return undefined;
  return emptyState({
    title: `None of ${counted(all, list.noun)} fits what is searched and chosen`,
    text: html`<a href="${list.path}">Show all ${list.noun}s</a>`,
  });
}

/** What stands above a list of which some may be missing. */
export const notAllAsked = (isComplete: boolean): Html | "" =>
  isComplete ? "" : notice("warn", "There are many namespaces, and not all could be asked about: choose one");
