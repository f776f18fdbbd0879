/** When work is given up. */
export interface Limits {
  /** Milliseconds from its beginning; none if absent. */
  ms?: number;
  /** Aborted, it ends the work. */
  signal: AbortSignal;
  /** Milliseconds that the work has from then on to end by itself. Default 0. */
  graceMs?: number;
}

/**
 * The outcome of `work`, which is given up after `ms`: its signal is then aborted, and this rejects with a `TimeoutError`,
 * whether the work obeys or not. With the outer signal aborted, so is the work's; after `graceMs` this rejects with that signal's reason.
 */
export async function limited<T>(
  { ms, signal: outer, graceMs = 0 }: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const inner = new AbortController();
  const timers: ReturnType<typeof setTimeout>[] = [];
  let stopped = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      stopped = () => {
        inner.abort(outer.reason);
        if (graceMs === 0) reject(outer.reason);
        else timers.push(setTimeout(() => reject(outer.reason), graceMs));
      };
      outer.addEventListener("abort", stopped, { once: true });
      if (ms !== undefined) {
        timers.push(setTimeout(() => {
          const late = new DOMException(`no answer in ${ms / 1000} s`, "TimeoutError");
          inner.abort(late);
          reject(late);
        }, ms));
      }
      work(inner.signal).then(resolve, reject);
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    outer.removeEventListener("abort", stopped);
  }
}
