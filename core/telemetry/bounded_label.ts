const longest = 128;

/**
 * The values of a metric's label that tenants may choose, such as hosts: the first ones as they are, and `other` for what
 * comes after so many of them, so that nobody's values become figures without an end.
 */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most || value.length > longest) return "other";
    known.add(value);
    return value;
  };
}
