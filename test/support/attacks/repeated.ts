/** Calls again and again, so many at once, until the signal is aborted. What fails is no matter. */
export function repeated(atOnce: number, act: (signal: AbortSignal) => Promise<unknown>, signal: AbortSignal): void {
  const one = async () => {
    while (!signal.aborted) {
      await act(signal).catch(() => {});
      // the machine is not the operator's alone
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  for (let at = 0; at < atOnce; at++) void one();
}

/** One call whose answer is read to its end. */
export async function asked(url: string, init: RequestInit): Promise<number> {
  const answer = await fetch(url, init);
  await answer.body?.cancel();
  return answer.status;
}
