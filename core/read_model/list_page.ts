/** What is asked of a list. */
export interface ListQuery {
  /** Words that all have to be found, in whatever case. */
  search?: string | undefined;
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
export interface ListPage<Row, Facet extends string> {
  rows: readonly Row[];
  /** How many fit the query. */
  total: number;
  /** How many there are without it. */
  all: number;
  /** 0 where nothing fits. */
  pages: number;
  /** What each filter would leave with the others as they are; those of one order first, others by name. */
  counts: Record<Facet, FacetCount[]>;
}

/** How a list is narrowed down. */
export interface Narrowing<Row, Facet extends string> {
  /** Each a column, of which one value is chosen. */
  facets: readonly Facet[];
  valueOf(row: Row, facet: Facet): string;
  /** Another value that the filter may name, which stands for several. */
  groupOf?(row: Row, facet: Facet): string | undefined;
  /** Values in their order, where that is not by name. */
  order: Partial<Record<Facet, readonly string[]>>;
}

/** The page that a query asks for, of rows in their order; without rows where it is past the last. Pure. */
export function listPage<Row extends { text: string }, Facet extends string>(
  sorted: readonly Row[],
  query: ListQuery & Partial<Record<Facet, string | undefined>>,
  { facets, valueOf, groupOf, order }: Narrowing<Row, Facet>,
): ListPage<Row, Facet> {
  const { page, size } = query;
  const words = query.search?.toLowerCase().split(/\s+/).filter((word) => word !== "") ?? [];
  const chosen: readonly (string | undefined)[] = facets.map((facet) => query[facet]);
  const counts = facets.map(() => new Map<string, number>());
  const fits: Row[] = [];
  for (const row of sorted) {
    if (words.length > 0 && !words.every((word) => row.text.includes(word))) continue;
    // the one filter that it does not pass; -1 where it passes all
    let missed = -1;
    let misses = 0;
    for (let at = 0; at < facets.length && misses < 2; at++) {
      const value = chosen[at];
      if (value === undefined || valueOf(row, facets[at]!) === value || groupOf?.(row, facets[at]!) === value) continue;
      missed = at;
      misses++;
    }
    if (misses > 1) continue;
    for (let at = 0; at < facets.length; at++) {
      if (misses === 1 && at !== missed) continue;
      add(counts[at]!, valueOf(row, facets[at]!));
      const group = groupOf?.(row, facets[at]!);
      if (group !== undefined) add(counts[at]!, group);
    }
    if (misses === 0) fits.push(row);
  }
  const start = (page - 1) * size;
  return {
    rows: fits.slice(start, start + size),
    total: fits.length,
    all: sorted.length,
    pages: Math.ceil(fits.length / size),
    counts: Object.fromEntries(
      facets.map((facet, at) => [facet, inOrder(counts[at]!, order[facet] ?? [])]),
    ) as Record<Facet, FacetCount[]>,
  };
}

const add = (counts: Map<string, number>, value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);

function inOrder(counts: Map<string, number>, known: readonly string[]): FacetCount[] {
  const rank = (value: string) => known.includes(value) ? known.indexOf(value) : known.length;
  return [...counts].map(([value, count]) => ({ value, count }))
    .sort((a, b) => rank(a.value) - rank(b.value) || (a.value < b.value ? -1 : 1));
}
