/**
 * The time of the cluster: what replicas write down is compared with what other replicas wrote, and with what the API server itself
 * wrote, and their own clocks may be wrong or be set while they run.
 */
export interface ClusterClock {
  /** Milliseconds since 1970: by this machine's clock as far as the API server's bears it out, else by the API server's. */
  now(): number;
  /** Takes note of an answer's `Date`, and of how many milliseconds ago its request was sent. */
  heard(date: string | null | undefined, agoMs: number): void;
}

/**
 * An answer's `Date` (RFC 9110, section 6.6.1) is of a second that lay between the request and the answer: each narrows down how far
 * that clock is from this process's own monotonic one, and one that contradicts the others begins anew.
 */
export function createClusterClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): ClusterClock {
  let [least, most] = [-Infinity, Infinity];
  let last: string | undefined;
  return {
    now: () => Math.min(Math.max(wall(), monotonic() + least), monotonic() + most),
    heard(date, agoMs) {
      // one answer of each second is enough
      if (!date || date === last) return;
      last = date;
      const second = Date.parse(date);
      if (Number.isNaN(second)) return;
      const at = monotonic();
      const [low, high] = [second - at, second + 1000 - (at - agoMs)];
      [least, most] = low <= most && high >= least ? [Math.max(low, least), Math.min(high, most)] : [low, high];
    },
  };
}
