/** No workload uses the source any more, so nobody waits for its answer. */
class Unused extends Error {
  override readonly name = "Unused";
}

const lookAgainMs = 1000;

/** Does work that ends by the signal it is given: when the given one is aborted, or when what it is for is not used any more. */
export async function whileUsed<T>(
  isUsed: () => boolean,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const end = () => stop.abort(given?.reason);
  const timer = setInterval(() => {
    if (!isUsed()) stop.abort(new Unused("no workload uses the source any more"));
  }, lookAgainMs);
  if (given?.aborted) end();
  given?.addEventListener("abort", end, { once: true });
  try {
    return await work(stop.signal);
  } finally {
    clearInterval(timer);
    given?.removeEventListener("abort", end);
  }
}
