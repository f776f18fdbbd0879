const mostKept = 10_000;

/**
 * Gives equal keys the same frozen value, made once: what thousands of workloads have in common costs little then. It is
 * all forgotten when there is too much of it.
 */
export function createInterned<V>(most = mostKept): (key: string, make: () => V) => V {
  const values = new Map<string, V>();
  return (key, make) => {
    const known = values.get(key);
    if (known !== undefined || values.has(key)) return known!;
    if (values.size >= most) values.clear();
    const value = Object.freeze(make());
    values.set(key, value);
    return value;
  };
}
