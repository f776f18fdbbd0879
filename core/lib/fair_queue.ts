/**
 * What waits for a turn, by two names, such as a namespace and a host: the outer names take turns, within one the inner names, and
 * within these it is first come, first served.
 */
export interface FairQueue<T> {
  add(outer: string, inner: string, item: T): void;
  /** Whether it was there. */
  remove(outer: string, inner: string, item: T): boolean;
  /** Takes the next one whose outer and inner name may have a turn. */
  take(mayOuter: (outer: string) => boolean, mayInner: (outer: string, inner: string) => boolean): T | undefined;
  clear(): void;
}

export function createFairQueue<T>(): FairQueue<T> {
  /** The next ones first: Maps and Sets keep the order of insertion. */
  const lines = new Map<string, Map<string, Set<T>>>();

  function remove(outer: string, inner: string, item: T): boolean {
    const line = lines.get(outer);
    const items = line?.get(inner);
    if (!line || !items?.delete(item)) return false;
    if (items.size === 0) line.delete(inner);
    if (line.size === 0) lines.delete(outer);
    return true;
  }

  return {
    add(outer, inner, item) {
      const line = lines.get(outer) ?? new Map<string, Set<T>>();
      lines.set(outer, line.set(inner, (line.get(inner) ?? new Set()).add(item)));
    },
    remove,
    take(mayOuter, mayInner) {
      for (const [outer, line] of lines) {
        if (!mayOuter(outer)) continue;
        for (const [inner, items] of line) {
          if (!mayInner(outer, inner)) continue;
          const item = items.values().next().value as T;
          remove(outer, inner, item);
          toTheEnd(line, inner);
          toTheEnd(lines, outer);
          return item;
        }
      }
      return undefined;
    },
    clear: () => lines.clear(),
  };
}

function toTheEnd<T>(all: Map<string, T>, key: string): void {
  const value = all.get(key);
  if (value === undefined) return;
  all.delete(key);
  all.set(key, value);
}

/** How much there is of each key; one of which there is nothing takes no memory. */
export interface Counts {
  of(key: string): number;
  add(key: string, by: number): void;
}

export function createCounts(): Counts {
  const counts = new Map<string, number>();
  return {
    of: (key) => counts.get(key) ?? 0,
    add(key, by) {
      const count = (counts.get(key) ?? 0) + by;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}
