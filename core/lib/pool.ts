import { createCounts, createFairQueue } from "./fair_queue.ts";
import { withDeadline } from "./deadline.ts";

export interface PoolOptions {
  /** Tasks under way at once. */
  most: number;
  /** Of these, of one namespace. */
  mostOfNamespace: number;
  /** Of these, that ask one host. No limit of its own where absent. */
  mostOfHost?: number;
  /** How long one may take once it has begun. */
  timeoutMs: number;
  /** Ends everything: what waits and what is under way rejects with its reason. */
  signal: AbortSignal;
}

/** Whose a task is, and whom it asks. */
export interface Place {
  namespace: string;
  host?: string;
}

/** Calls to the outside, so many at once, that no namespace and no host takes from the others. */
export interface Pool {
  /**
   * Runs the task once there is room. Namespaces take turns, and within one the hosts that it asks. Rejects with a `TimeoutError` when it
   * takes too long, whether it obeys its signal or not, and with the reason of `signal` once that is aborted.
   */
  run<T>(place: Place, task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Tasks that wait for room. */
  waiting(): number;
  /** Tasks under way. */
  inHand(): number;
}

export function createPool({ most, mostOfNamespace, mostOfHost, timeoutMs, signal: ending }: PoolOptions): Pool {
  const line = createFairQueue<() => void>();
  const ofNamespace = createCounts();
  const ofHost = createCounts();
  let inHand = 0;
  let waiting = 0;
  const mayNamespace = (namespace: string) => ofNamespace.of(namespace) < mostOfNamespace;
  const mayHost = (_: string, host: string) => host === "" || mostOfHost === undefined || ofHost.of(host) < mostOfHost;

  function beginNext(): void {
    while (inHand < most) {
      const start = line.take(mayNamespace, mayHost);
      if (!start) return;
      waiting--;
      start();
    }
  }

  /** Resolves when it is this one's turn, and room is taken for it. */
  function enter(namespace: string, host: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener("abort", giveUp);
        inHand++;
        ofNamespace.add(namespace, 1);
        ofHost.add(host, 1);
        resolve();
      };
      const giveUp = () => {
        if (line.remove(namespace, host, start)) waiting--;
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      line.add(namespace, host, start);
      waiting++;
      beginNext();
    });
  }

  return {
    async run(place, task, own) {
      const { namespace, host = "" } = place;
      return await withEither(own, ending, async (signal) => {
        await enter(namespace, host, signal);
        try {
          return await withDeadline({ ms: timeoutMs, signals: [signal] }, (deadline) => task(deadline.signal));
        } finally {
          inHand--;
          ofNamespace.add(namespace, -1);
          ofHost.add(host, -1);
          beginNext();
        }
      });
    },
    waiting: () => waiting,
    inHand: () => inHand,
  };
}

/** With a signal that follows both, and lets go of them at the end: one of them outlives thousands of tasks. */
async function withEither<T>(
  one: AbortSignal | undefined,
  other: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  one?.throwIfAborted();
  other.throwIfAborted();
  if (!one) return await work(other);
  const both = new AbortController();
  const follow = [one, other].map((signal) => ({ signal, abort: () => both.abort(signal.reason) }));
  for (const { signal, abort } of follow) signal.addEventListener("abort", abort, { once: true });
  try {
    return await work(both.signal);
  } finally {
    for (const { signal, abort } of follow) signal.removeEventListener("abort", abort);
  }
}
