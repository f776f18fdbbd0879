/**
 * The outcome of `work`, which is given up after `ms`: its signal is then aborted, and this rejects with a `TimeoutError`,
 * whether the work obeys or not. With `outer` aborted it rejects with that signal's reason.
 */
export async function limited<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const inner = new AbortController();
  const follow = () => inner.abort(outer.reason);
  outer.addEventListener("abort", follow, { once: true });
  const timer = setTimeout(() => inner.abort(new DOMException(`no answer in ${ms / 1000} s`, "TimeoutError")), ms);
  try {
    return await new Promise<T>((resolve, reject) => {
      inner.signal.addEventListener("abort", () => reject(inner.signal.reason), { once: true });
      work(inner.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", follow);
  }
}
