import { createRateLimit } from "../lib/rate_limit.ts";
import { keyOf, type SlotRef } from "../workloads/workload_index.ts";
import { TooManyRequests } from "../lib/retryable.ts";
import type { VersionLookup } from "./registry_access.ts";

/** What webhooks that prove nothing may cause. */
export interface HintAllowances {
  /** The lookup, as long as the allowance of all hints lasts; else it rejects with `TooManyRequests`. */
  limited(lookup: VersionLookup): VersionLookup;
  /**
   * Before an UpdateRequest of a workload is stored.
   *
   * @throws {TooManyRequests}
   */
  store(slotRef: SlotRef): void;
}

/** 120 lookups at once, and two each second; ten UpdateRequests of a workload, and one more each minute. */
export function createHintAllowances(now?: () => number): HintAllowances {
  const clock = now ? { now } : {};
  const lookups = createRateLimit({ burst: 120, perSecond: 2, ...clock });
  const requests = createRateLimit({ burst: 10, perSecond: 1 / 60, keys: 10_000, ...clock });
  return {
    limited: (lookup) => async (...asked) => {
      const wait = lookups.take();
      if (wait > 0) throw new TooManyRequests("webhooks that prove nothing had too many versions looked up", wait);
      return await lookup(...asked);
    },
    store({ workload }) {
      const wait = requests.take(keyOf(workload));
      if (wait > 0) throw new TooManyRequests("webhooks that prove nothing brought a workload too many versions", wait);
    },
  };
}
