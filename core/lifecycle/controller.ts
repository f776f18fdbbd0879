import { createWorkQueue, type WorkQueue } from "../lib/work_queue.ts";
import type { Sharing } from "../lib/work_queue_order.ts";
import type { Rest } from "./reconcile.ts";
import type { UpdateCache } from "../requests/cache.ts";

export interface ControllerOptions {
  reconcile(key: string): Promise<Rest | void>;
  concurrency: number;
  /**
   * Longest wait between two tries of a key that fails.
   *
   * @default 60_000
   */
  maxBackoffMs?: number;
  /** How keys share the workers. First come, first served if absent. */
  sharing?: Sharing;
  /** Says that a key failed and comes again later. */
  onError(error: unknown, key: string): void;
  onDone?(seconds: number): void;
}

/** A queue of keys and the workers that bring each to rest. */
export interface Controller {
  queue: WorkQueue;
  /** Works until the signal is aborted; resolves when nothing is in hand. */
  run(signal: AbortSignal): Promise<void>;
}

/** A loop from keys to `reconcile`: one that fails comes again later, each time after a longer wait. */
export function createController(options: ControllerOptions): Controller {
  const { maxBackoffMs: maxMs = 60_000, sharing } = options;
  const queue = createWorkQueue({ baseMs: 100, maxMs, ...(sharing ? { sharing } : {}) });
  return {
    queue,
    run: (signal) =>
      queue.run(async (key) => {
        const started = performance.now();
        const rest = await options.reconcile(key);
        options.onDone?.((performance.now() - started) / 1000);
        if (rest?.again !== undefined) queue.addAfter(key, rest.again);
      }, {
        concurrency: options.concurrency,
        signal,
        onError: options.onError,
      }),
  };
}

/**
 * How workloads share the workers: namespaces take turns, and what is being verified, and may have to be rolled back, has a lane of its
 * own beside what is still to be applied.
 */
export function sharingOf(cache: Pick<UpdateCache, "ofWorkload">): Required<Sharing> {
  return {
    ownerOf: namespaceOf,
    laneOf: (key) =>
      cache.ofWorkload(key).some(({ status }) => status?.phase === "Verifying") ? "verification" : "updates",
  };
}

/** Of a workload's key; of one that requests of another namespace name, that namespace. */
function namespaceOf(key: string): string {
  const [, by] = key.split(" from ");
  return by ?? key.split("/")[1] ?? "";
}
