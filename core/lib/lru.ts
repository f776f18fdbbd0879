/** What was used last, up to a total weight. */
export interface Lru<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** Forgets what was not used for longest once the weights (1 each, by default) exceed `capacity`. */
export function createLru<V>(capacity: number, weigh: (value: V, key: string) => number = () => 1): Lru<V> {
  const entries = new Map<string, { value: V; weight: number }>();
  let weight = 0;
  const remove = (key: string) => {
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
  };
}
