const MIN_MS = 1_000;
const MAX_MS = 3_600_000;

/**
 * Milliseconds to wait by a `Retry-After` header (seconds or an HTTP date), between a second and an hour; undefined when there is
 * none that can be read.
 *
 * Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (text === "") return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_MS, Math.max(MIN_MS, ms));
}
