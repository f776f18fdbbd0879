/** Work that can be laid down at each `yield`, and what comes of it. */
export type Steps<T> = Generator<void, T>;

/** Longest that work goes on before others have their turn. */
const SLICE_MS = 10;

/** Does it all at once. */
export function runToEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does it, and lets all else that waits for this thread have its turn every 10 ms. Short work is done at once. */
export async function runInSlices<T>(steps: Steps<T>): Promise<T> {
  for (let since = performance.now();;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    since = performance.now();
  }
}
