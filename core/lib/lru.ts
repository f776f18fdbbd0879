/** What was used last, up to a total weight. */
export interface Lru<V, K = string> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  /** All that is kept, what was not used for longest first. */
  values(): V[];
}

/** Forgets what was not used for longest once the weights (1 each, by default) exceed `capacity`. */
export function createLru<V, K = string>(
  capacity: number,
  weigh: (value: V, key: K) => number = () => 1,
): Lru<V, K> {
  const entries = new Map<K, { value: V; weight: number }>();
  let weight = 0;
  const remove = (key: K) => {
    const entry = entries.get(key);
    if (entry && entries.delete(key)) weight -= entry.weight;
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry) {
        entries.delete(key);
        entries.set(key, entry);
      }
      return entry?.value;
    },
    set(key, value) {
      remove(key);
      const entry = { value, weight: weigh(value, key) };
      entries.set(key, entry);
      weight += entry.weight;
      for (const oldest of entries.keys()) {
        if (weight <= capacity) break;
        remove(oldest);
      }
    },
    delete: remove,
    values: () => [...entries.values()].map(({ value }) => value),
  };
}
