import { createWorkOrder, type Sharing } from "./work_queue_order.ts";

/** Time, so that a test can hold it. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface WorkQueueOptions {
  /**
   * First wait after a failure, doubled by each further one.
   *
   * @default 5
   */
  baseMs?: number;
  /**
   * Longest wait after a failure.
   *
   * @default 300_000
   */
  maxMs?: number;
  clock?: Clock;
  /** How keys share the workers. First come, first served if absent. */
  sharing?: Sharing;
}

/**
 * A work queue of keys, as in client-go: a key is never worked on twice at the same time, and one that is added while it is worked
 * on is worked on again afterwards, once.
 */
export interface WorkQueue {
  add(key: string): void;
  /** Adds it later; of several times for the same key the earliest counts. */
  addAfter(key: string, ms: number): void;
  /** Adds it after the wait that its failures in a row call for. */
  retry(key: string): void;
  /** Forgets the failures of a key. */
  forget(key: string): void;
  /**
   * Works until the signal is aborted, then waits for what is in hand. A worker that throws has its key retried; one that returns
   * has its failures forgotten, unless it called `retry` itself.
   */
  run(worker: (key: string) => Promise<void>, options: RunOptions): Promise<void>;
  /** Keys that wait for a worker now; not those of `addAfter`, and not those in hand. */
  size(): number;
  /** Hands out no more keys, drops the timers, and resolves when nothing is in hand. */
  drain(): Promise<void>;
}

export interface RunOptions {
  concurrency: number;
  signal: AbortSignal;
  onError?(error: unknown, key: string): void;
}

/** Longer timers fire at once, by the standard. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const realClock: Clock = {
  now: () => performance.now(),
  setTimeout: (action, ms) => setTimeout(action, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

export function createWorkQueue(
  { baseMs = 5, maxMs = 300_000, clock = realClock, sharing }: WorkQueueOptions = {},
): WorkQueue {
  const turns = createWorkOrder(sharing);
  const processing = new Set<string>();
  /** Added while it was processed. */
  const again = new Set<string>();
  const later = new Map<string, { due: number; timer: unknown }>();
  const failures = new Map<string, number>();
  const idleWorkers: ((key: string | undefined) => void)[] = [];
  let draining = false;
  let onEmptyHands: (() => void)[] = [];

  function add(key: string): void {
    if (draining) return;
    if (processing.has(key)) {
      again.add(key);
      return;
    }
    turns.add(key);
    handOut();
  }

  function handOut(): void {
    while (idleWorkers.length > 0) {
      const key = turns.take();
      if (key === undefined) return;
      processing.add(key);
      idleWorkers.shift()!(key);
    }
  }

  function arm(key: string, due: number): void {
    const timer = clock.setTimeout(() => {
      later.delete(key);
      if (due > clock.now()) arm(key, due);
      else add(key);
    }, Math.min(LONGEST_TIMER_MS, due - clock.now()));
    later.set(key, { due, timer });
  }

  function addAfter(key: string, ms: number): void {
    if (draining) return;
    if (ms <= 0) return add(key);
    const due = clock.now() + ms;
    const planned = later.get(key);
    if (planned && planned.due <= due) return;
    if (planned) clock.clearTimeout(planned.timer);
    arm(key, due);
  }

  function retry(key: string): void {
    const count = failures.get(key) ?? 0;
    failures.set(key, count + 1);
    addAfter(key, Math.min(maxMs, baseMs * 2 ** count));
  }

  /** Undefined when the worker is to end. */
  function next(signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted || draining) return Promise.resolve(undefined);
    const key = turns.take();
    if (key !== undefined) {
      processing.add(key);
      return Promise.resolve(key);
    }
    return new Promise((resolve) => {
      const stop = () => {
        const index = idleWorkers.indexOf(take);
        if (index >= 0) idleWorkers.splice(index, 1);
        resolve(undefined);
      };
      const take = (taken: string | undefined) => {
        signal.removeEventListener("abort", stop);
        resolve(taken);
      };
      idleWorkers.push(take);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  function done(key: string): void {
    processing.delete(key);
    turns.done(key);
    if (again.delete(key)) add(key);
    handOut();
    if (processing.size > 0) return;
    for (const tell of onEmptyHands) tell();
    onEmptyHands = [];
  }

  async function work(worker: (key: string) => Promise<void>, { signal, onError }: RunOptions): Promise<void> {
    for (let key = await next(signal); key !== undefined; key = await next(signal)) {
      const before = failures.get(key);
      try {
        await worker(key);
        if (failures.get(key) === before) failures.delete(key);
      } catch (error) {
        retry(key);
        onError?.(error, key);
      } finally {
        done(key);
      }
    }
  }

  return {
    add,
    addAfter,
    retry,
    forget: (key) => void failures.delete(key),
    async run(worker, options) {
      turns.share(options.concurrency);
      await Promise.all(Array.from({ length: options.concurrency }, () => work(worker, options)));
    },
    size: turns.size,
    drain() {
      draining = true;
      for (const { timer } of later.values()) clock.clearTimeout(timer);
      later.clear();
      turns.clear();
      for (const worker of idleWorkers.splice(0)) worker(undefined);
      return processing.size === 0 ? Promise.resolve() : new Promise((resolve) => onEmptyHands.push(resolve));
    },
  };
}
