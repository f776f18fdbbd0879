import { RegistryError } from "./errors.ts";
import { retryAfterMs } from "./retry_after.ts";

/** The pauses that one host asks for. */
export interface Quiet {
  /** Waits while the host asked for a pause; throws `rate-limited` at once if that lasts for more than 30 s. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Takes note of an answer: begins a pause if it asks for one, by 429 or by 503 with `Retry-After`, and throws `rate-limited` then. */
  heed(answer: { status: number; headers: Headers }): void;
}

/** A wait that a caller may be left in; a longer one is told as an error. */
export const LONGEST_WAIT_MS = 30_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

export function createQuiet(
  host: string,
  now: () => number,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
): Quiet {
  let pausedUntil = 0;
  /** 429 in a row. */
  let refusals = 0;
  const seconds = (ms: number) => Math.ceil(ms / 1000);

  return {
    async ready(signal) {
      for (let left = pausedUntil - now(); left > 0; left = pausedUntil - now()) {
        if (left > LONGEST_WAIT_MS) {
          const message = `${host} wants no requests for ${seconds(left)} s.`;
          throw new RegistryError("rate-limited", host, message, { retryAfterSeconds: seconds(left) });
        }
        await sleep(left, signal);
      }
    },
    heed({ status, headers }) {
      const asked = retryAfterMs(headers.get("retry-after"), now());
      const limited = status === 429;
      if (!limited) {
        if (status < 500) refusals = 0;
        if (status !== 503 || asked === undefined) return;
      }
      const pause = asked ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** refusals);
      if (limited) refusals++;
      pausedUntil = Math.max(pausedUntil, now() + pause);
      const message = `${host} answered ${status} and wants no requests for ${seconds(pause)} s.`;
      throw new RegistryError("rate-limited", host, message, { status, retryAfterSeconds: seconds(pause) });
    },
  };
}
