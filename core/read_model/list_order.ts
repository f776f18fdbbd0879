/** What became of a list: the lines that are gone from it, and those that are new. */
export interface ListChange<Row> {
  gone: ReadonlySet<Row>;
  added: readonly Row[];
}

export type Compare<Row> = (a: Row, b: Row) => number;

/** Orders of lists, each worked out once for each list. */
export interface ListOrder<Row, Sort extends string> {
  sorted(rows: readonly Row[], sort: Sort): readonly Row[];
  /** Gives a list that has changed a little the orders that it had before: what is new is put into its place. */
  carry(from: readonly Row[], to: readonly Row[], change: ListChange<Row>): void;
}

/** Orders of a list that are kept when it changes: those that were asked for last. */
const MOST_ORDERS = 4;
/** Where more lines than this change at once, it is sorted anew. */
const FEW = 200;

export function createListOrder<Row, Sort extends string>(
  comparerOf: (sort: Sort) => Compare<Row>,
): ListOrder<Row, Sort> {
  const orders = new WeakMap<readonly Row[], Map<Sort, readonly Row[]>>();
  return {
    sorted(rows, sort) {
      const known = orders.get(rows) ?? new Map<Sort, readonly Row[]>();
      orders.set(rows, known);
      const result = known.get(sort) ?? rows.toSorted(comparerOf(sort));
      known.delete(sort);
      known.set(sort, result);
      return result;
    },
    carry(from, to, { gone, added }) {
      const known = orders.get(from);
      if (!known || gone.size > FEW || added.length > FEW) return;
      const kept = [...known].slice(-MOST_ORDERS);
      orders.set(to, new Map(kept.map(([sort, rows]) => [sort, merged(rows, gone, added, comparerOf(sort))])));
    },
  };
}

function merged<Row>(
  rows: readonly Row[],
  gone: ReadonlySet<Row>,
  added: readonly Row[],
  compare: Compare<Row>,
): Row[] {
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
