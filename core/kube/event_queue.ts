import type { KubeEvent } from "./events.ts";
import { createFairQueue } from "../lib/fair_queue.ts";

/** Events that wait to be written. */
export interface EventQueue {
  record(event: KubeEvent): void;
}

export interface EventQueueOptions {
  write(event: KubeEvent): Promise<void>;
  /** Aborted when nothing is to be written any more. */
  signal: AbortSignal;
  /**
   * Written at the same time.
   *
   * @default 8
   */
  atOnce?: number;
  /**
   * Events that wait at most; more are dropped.
   *
   * @default 20_000
   */
  most?: number;
}

/**
 * For Events of which there may be one for each workload at the same moment, as when a registry that thousands use is away: a few
 * are written at a time, so that they open few connections and keep nothing waiting, and namespaces take turns.
 */
export function createEventQueue({ write, signal, atOnce = 8, most = 20_000 }: EventQueueOptions): EventQueue {
  const queue = createFairQueue<KubeEvent>();
  let inHand = 0;
  let waiting = 0;
  const any = () => true;

  async function work(): Promise<void> {
    inHand++;
    for (let event = queue.take(any, any); event && !signal.aborted; event = queue.take(any, any)) {
      waiting--;
      await write(event).catch(() => {});
    }
    inHand--;
  }

  return {
    record(event) {
      if (signal.aborted || waiting >= most) return;
      queue.add(event.metadata.namespace, "", event);
      waiting++;
      if (inHand < atOnce) void work();
    },
  };
}

export interface IdleEventQueueOptions {
  write(event: KubeEvent): Promise<void>;
  /** Aborted when nothing is to be written any more. */
  signal: AbortSignal;
  /**
   * Objects whose Events wait at most; more are dropped.
   *
   * @default 64
   */
  most?: number;
  /**
   * Milliseconds without a new one before the first is written; a later one of the same object takes its place.
   *
   * @default 1000
   */
  idleMs?: number;
  /**
   * Milliseconds after which they are written though new ones keep coming.
   *
   * @default 30_000
   */
  longestMs?: number;
  /**
   * Milliseconds between two.
   *
   * @default 200
   */
  apartMs?: number;
}

/**
 * For Events that are worth no time of the work that they tell of: they are written when there is none for a while, a few each
 * second, and not at all when there is much.
 */
export function createIdleEventQueue(options: IdleEventQueueOptions): EventQueue {
  const { write, signal, most = 64, idleMs = 1000, longestMs = 30_000, apartMs = 200 } = options;
  const waiting = new Map<string, KubeEvent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [firstAt, lastAt] = [0, 0];
  const writeIn = (ms: number) => timer = setTimeout(writeNext, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    waiting.clear();
  }, { once: true });

  async function writeNext(): Promise<void> {
    const [first] = waiting;
    if (!first || signal.aborted) return void (timer = undefined);
    const now = performance.now();
    if (now - lastAt < idleMs && now - firstAt < longestMs) return void writeIn(idleMs - (now - lastAt));
    waiting.delete(first[0]);
    await write(first[1]).catch(() => {});
    if (waiting.size > 0 && !signal.aborted) writeIn(apartMs);
    else timer = undefined;
  }

  return {
    record(event) {
      const { uid, namespace, name } = event.involvedObject;
      const key = uid ?? `${namespace}/${name}`;
      if (signal.aborted || (!waiting.has(key) && waiting.size >= most)) return;
      waiting.set(key, event);
      lastAt = performance.now();
      if (timer !== undefined) return;
      firstAt = lastAt;
      writeIn(idleMs);
    },
  };
}
