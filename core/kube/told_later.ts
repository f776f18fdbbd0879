import type { KubeEvent } from "./events.ts";

export interface ToldLaterOptions {
  /** Never rejects. */
  write(event: KubeEvent): Promise<void>;
  /** Aborted when nothing is to be written any more. */
  signal: AbortSignal;
  /** Objects that one waits for at most; of more nothing is told. Default 64. */
  most?: number;
  /** Milliseconds without a new one before the first is written; a later one of the same object takes its place. Default 1000. */
  waitMs?: number;
  /** Milliseconds after which they are written though new ones keep coming. Default 30000. */
  patienceMs?: number;
  /** Milliseconds between two. Default 200. */
  apartMs?: number;
}

/** Events that are worth no time of the work that they tell of: they come when there is none for a while, a few each second, and not at all when there is much. */
export interface ToldLater {
  tell(event: KubeEvent): void;
}

export function createToldLater(options: ToldLaterOptions): ToldLater {
  const { write, signal, most = 64, waitMs = 1000, patienceMs = 30_000, apartMs = 200 } = options;
  const waiting = new Map<string, KubeEvent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [firstAt, lastAt] = [0, 0];
  const later = (ms: number) => timer = setTimeout(next, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    waiting.clear();
  }, { once: true });

  async function next(): Promise<void> {
    const [first] = waiting;
    if (!first || signal.aborted) return void (timer = undefined);
    const now = performance.now();
    if (now - lastAt < waitMs && now - firstAt < patienceMs) return void later(waitMs - (now - lastAt));
    waiting.delete(first[0]);
    await write(first[1]).catch(() => {});
    if (waiting.size > 0 && !signal.aborted) later(apartMs);
    else timer = undefined;
  }

  return {
    tell(event) {
      const { uid, namespace, name } = event.involvedObject;
      const key = uid ?? `${namespace}/${name}`;
      if (signal.aborted || (!waiting.has(key) && waiting.size >= most)) return;
      waiting.set(key, event);
      lastAt = performance.now();
      if (timer !== undefined) return;
      firstAt = lastAt;
      later(waitMs);
    },
  };
}
