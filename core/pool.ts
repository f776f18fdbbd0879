import { limited } from "./limited.ts";

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

type Line = Map<string, Set<() => void>>;

export function createPool({ most, mostOfNamespace, mostOfHost, timeoutMs, signal: ending }: PoolOptions): Pool {
  /** By namespace and host, the next one in turn first: Maps and Sets keep the order of insertion. */
  const lines = new Map<string, Line>();
  const ofNamespace = createCounts();
  const ofHost = createCounts();
  let inHand = 0;
  let waiting = 0;
  const hasRoom = (host: string) => host === "" || mostOfHost === undefined || ofHost.of(host) < mostOfHost;

  function beginNext(): void {
    while (inHand < most) {
      const start = takeNext();
      if (!start) return;
      start();
    }
  }

  function takeNext(): (() => void) | undefined {
    for (const [namespace, line] of lines) {
      if (ofNamespace.of(namespace) >= mostOfNamespace) continue;
      for (const [host, starts] of line) {
        if (!hasRoom(host)) continue;
        const [start] = starts;
        leave(namespace, host, start!);
        toTheEnd(line, host);
        toTheEnd(lines, namespace);
        return start;
      }
    }
    return undefined;
  }

  function queue(namespace: string, host: string, start: () => void): void {
    const line = lines.get(namespace) ?? new Map<string, Set<() => void>>();
    lines.set(namespace, line.set(host, (line.get(host) ?? new Set()).add(start)));
    waiting++;
  }

  function leave(namespace: string, host: string, start: () => void): void {
    const line = lines.get(namespace);
    const starts = line?.get(host);
    if (!line || !starts?.delete(start)) return;
    waiting--;
    if (starts.size === 0) line.delete(host);
    if (line.size === 0) lines.delete(namespace);
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
        leave(namespace, host, start);
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      queue(namespace, host, start);
      beginNext();
    });
  }

  return {
    async run(place, task, own) {
      const { namespace, host = "" } = place;
      return await withEither(own, ending, async (signal) => {
        await enter(namespace, host, signal);
        try {
          return await limited({ ms: timeoutMs, signal }, task);
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

function toTheEnd<T>(all: Map<string, T>, key: string): void {
  const value = all.get(key);
  if (value === undefined) return;
  all.delete(key);
  all.set(key, value);
}

function createCounts() {
  const counts = new Map<string, number>();
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add(key: string, by: number) {
      const count = (counts.get(key) ?? 0) + by;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}
