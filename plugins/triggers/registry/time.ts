/** A time of a body, in seconds since 1970 or as text, in RFC 3339; undefined where it is none. */
export function timeOf(value: unknown): string | undefined {
  const ms = typeof value === "number" ? value * 1000 : typeof value === "string" ? Date.parse(value) : NaN;
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** The latest of some times, where it is not sure which of them moves with a push. */
export function latestOf(values: readonly unknown[]): string | undefined {
  return values.map(timeOf).filter((time) => time !== undefined).sort().at(-1);
}
