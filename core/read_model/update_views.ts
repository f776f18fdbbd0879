import type { KnownRequests } from "../requests/cache.ts";
import { rowOf, type UpdateRow } from "./update_row.ts";

/** The UpdateRequests as lines of lists. Nothing is worked out before somebody asks, nor twice while nothing changes. */
export interface UpdateViews {
  /** All of them, in no order; the same array until something changes. */
  all(): readonly UpdateRow[];
  /** Those of these namespaces; the same array, too, for the same set. */
  of(namespaces: ReadonlySet<string>): readonly UpdateRow[];
  /** All namespaces that have any, by name. */
  namespaces(): readonly string[];
}

export function createUpdateViews(cache: Pick<KnownRequests, "all" | "revision">): UpdateViews {
  let revision: number | undefined;
  let rows: readonly UpdateRow[] = [];
  let namespaces: readonly string[] | undefined;
  let narrowed = new Map<string, readonly UpdateRow[]>();
  const all = () => {
    const now = cache.revision();
    if (now !== revision) {
      revision = now;
      rows = Array.from(cache.all(), rowOf);
      namespaces = undefined;
      narrowed = new Map();
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
