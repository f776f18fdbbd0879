import { createLru } from "./lru.ts";

/** Allowances that fill up again as time goes by. */
export interface RateLimit {
  /** Takes one of a key's allowance and gives 0; or gives the seconds until there is one again, and nothing was taken. */
  take(key?: string): number;
}

export interface RateLimitOptions {
  /** How many there are at first, and at most. */
  burst: number;
  perSecond: number;
  /**
   * Keys that are remembered; the one that was not used for longest is forgotten first.
   *
   * @default 1000
   */
  keys?: number;
  /** Milliseconds that only grow. */
  now?(): number;
}

export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { burst, perSecond, keys = 1000, now = () => performance.now() } = options;
  const left = createLru<{ count: number; at: number }>(keys);
  return {
    take(key = "") {
      const at = now();
      const before = left.get(key) ?? { count: burst, at };
      const count = Math.min(burst, before.count + (at - before.at) / 1000 * perSecond);
      left.set(key, { count: count < 1 ? count : count - 1, at });
      return count < 1 ? (1 - count) / perSecond : 0;
    },
  };
}
