import { carrySorts } from "./sort_updates.ts";
import type { KnownRequests } from "../requests/cache.ts";
import { rowOf, type UpdateRow } from "./update_row.ts";
import type { UpdateRequest } from "../requests/update_request.ts";

/** The UpdateRequests as lines of lists. Nothing is worked out before somebody asks, nor twice while nothing changes. */
export interface UpdateViews {
  /** All of them, in no order; the same array until something changes. */
  all(): readonly UpdateRow[];
  /** Those of these namespaces; the same array, too, for the same set. */
  of(namespaces: ReadonlySet<string>): readonly UpdateRow[];
  /** All namespaces that have any, by name. */
  namespaces(): readonly string[];
}

/** What became of a list: the lines that are gone from it, and those that are new. */
export interface ListChange {
  gone: ReadonlySet<UpdateRow>;
  added: readonly UpdateRow[];
}

/** Sets of namespaces whose lists are kept: there are as many as there are different rights. */
export const MOST_NARROWED = 32;

export function createUpdateViews(cache: Pick<KnownRequests, "all" | "revision">): UpdateViews {
  let revision: number | undefined;
  let rows: readonly UpdateRow[] = [];
  let namespaces: readonly string[] | undefined;
  let narrowed = new Map<string, { namespaces: ReadonlySet<string>; rows: readonly UpdateRow[] }>();

  function renew(): void {
    const before = rows;
    const { rows: after, change } = nextRows(before, cache.all());
    rows = after;
    namespaces = undefined;
    carrySorts(before, after, change);
    narrowed = new Map([...narrowed].map(([key, list]) => {
      const isIn = ({ namespace }: UpdateRow) => list.namespaces.has(namespace);
      const own: ListChange = { gone: new Set([...change.gone].filter(isIn)), added: change.added.filter(isIn) };
      if (own.gone.size === 0 && own.added.length === 0) return [key, list];
      const next = rows.filter(isIn);
      carrySorts(list.rows, next, own);
      return [key, { ...list, rows: next }];
    }));
  }

  const all = () => {
    const now = cache.revision();
    if (now !== revision) {
      revision = now;
      renew();
    }
    return rows;
  };
  return {
    all,
    of(wanted) {
      const rows = all();
      const key = [...wanted].sort().join("\n");
      let list = narrowed.get(key);
      if (!list) {
        if (narrowed.size >= MOST_NARROWED) narrowed.delete(narrowed.keys().next().value!);
        narrowed.set(key, list = { namespaces: wanted, rows: rows.filter(({ namespace }) => wanted.has(namespace)) });
      }
      return list.rows;
    },
    namespaces() {
      const rows = all();
      return namespaces ??= [...new Set(rows.map(({ namespace }) => namespace))].sort();
    },
  };
}

/** So many of those before may be gone between two that are still there; beyond, each is looked up. */
const REACH = 8;

/** The lines of requests that come in the order of before, but for those that have changed: of those that have not, the same. */
function nextRows(
  before: readonly UpdateRow[],
  requests: Iterable<UpdateRequest>,
): { rows: UpdateRow[]; change: ListChange } {
  const rows: UpdateRow[] = [];
  const gone = new Set<UpdateRow>();
  const added: UpdateRow[] = [];
  let at = 0;
  const known = (request: UpdateRequest): UpdateRow | undefined => {
    for (let next = at; next < before.length && next <= at + REACH; next++) {
      if (before[next]!.request !== request) continue;
      for (; at < next; at++) gone.add(before[at]!);
      return before[at++];
    }
  };
  for (const request of requests) {
    const same = known(request);
    const row = same ?? rowOf(request);
    rows.push(row);
    if (!same) added.push(row);
  }
  for (; at < before.length; at++) gone.add(before[at]!);
  // what stood out of reach is neither
  return { rows, change: { gone, added: added.filter((row) => !gone.delete(row)) } };
}
