/** Runs a task for a key, unless one is under way: then its outcome is the one for this call too. */
export function createSingleFlight<T>(): (key: string, task: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, task) => {
    const known = underWay.get(key);
    if (known) return known;
    const running = task().finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
}
