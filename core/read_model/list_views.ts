import type { ListChange, ListOrder } from "./list_order.ts";
import { createLru } from "../lib/lru.ts";

/** Lines of lists. Nothing is worked out before somebody asks, nor twice while nothing changes. */
export interface ListViews<Row> {
  /** All of them, in no order; the same array until something changes. */
  all(): readonly Row[];
  /** Those of these namespaces; the same array, too, for the same set. */
  of(namespaces: ReadonlySet<string>): readonly Row[];
  /** All namespaces that have any, by name. */
  namespaces(): readonly string[];
}

/** Where the lines come from. */
export interface ListSource<Row> {
  /**
   * All lines as they are now; undefined where they are those of before. With `change` what was worked out of those of before is
   * brought up to now; without it all is worked out anew.
   */
  renew(before: readonly Row[]): { rows: readonly Row[]; change?: ListChange<Row> } | undefined;
  /** What is told of each list that gives way to another. */
  order: Pick<ListOrder<Row, never>, "carry">;
}

/** Sets of namespaces whose lists are kept: there are as many as there are different rights. */
const MOST_NARROWED = 32;

interface Narrowed<Row> {
  namespaces: ReadonlySet<string>;
  rows: readonly Row[];
}

export function createListViews<Row extends { namespace: string }>({ renew, order }: ListSource<Row>): ListViews<Row> {
  let rows: readonly Row[] = [];
  let namespaces: readonly string[] | undefined;
  let narrowed = createLru<Narrowed<Row>>(MOST_NARROWED);

  function follow(before: readonly Row[], change: ListChange<Row>): void {
    order.carry(before, rows, change);
    for (const list of narrowed.values()) {
      const isIn = ({ namespace }: Row) => list.namespaces.has(namespace);
      const own: ListChange<Row> = { gone: new Set([...change.gone].filter(isIn)), added: change.added.filter(isIn) };
      if (own.gone.size === 0 && own.added.length === 0) continue;
      const next = rows.filter(isIn);
      order.carry(list.rows, next, own);
      list.rows = next;
    }
  }

  function all(): readonly Row[] {
    const before = rows;
    const renewed = renew(before);
    if (!renewed) return rows;
    rows = renewed.rows;
    namespaces = undefined;
    if (renewed.change) follow(before, renewed.change);
    else narrowed = createLru(MOST_NARROWED);
    return rows;
  }

  return {
    all,
    of(wanted) {
      const rows = all();
      const key = [...wanted].sort().join("\n");
      let list = narrowed.get(key);
      if (!list) {
        list = { namespaces: wanted, rows: rows.filter(({ namespace }) => wanted.has(namespace)) };
        narrowed.set(key, list);
      }
      return list.rows;
    },
    namespaces() {
      const rows = all();
      return namespaces ??= [...new Set(rows.map(({ namespace }) => namespace))].sort();
    },
  };
}
