import { pause } from "../../e2e/suite.ts";

/** Asks a URL again and again until the signal is aborted; its answers are not read. What fails is no matter. */
export async function repeated(url: string, init: RequestInit, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await fetch(url, { ...init, signal }).then((answer) => answer.body?.cancel()).catch(() => {});
    // the machine is not the operator's alone
    await pause(20);
  }
}
