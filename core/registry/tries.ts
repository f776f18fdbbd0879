import { RegistryError } from "./errors.ts";
import { LONGEST_WAIT_MS } from "./quiet.ts";

export interface TriesOptions {
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  signal?: AbortSignal;
  /** Told of each try that failed. */
  failed?: (error: RegistryError) => void;
}

const TRIES = 3;
const FIRST_BACKOFF_MS = 500;

/**
 * Tries up to three times what may go well at another time: `unreachable` and `rate-limited`, unless the wait that was asked for is too
 * long. That wait is left to `attempt`; without one it waits here, ever longer.
 */
export async function withTries<T>(attempt: () => Promise<T>, { sleep, signal, failed }: TriesOptions): Promise<T> {
  for (let tried = 1;; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      if (signal?.aborted) throw error;
      failed?.(error);
      const wait = (error.retryAfterSeconds ?? 0) * 1000;
      if (!error.retryable || tried === TRIES || wait > LONGEST_WAIT_MS) throw error;
      if (wait === 0) await sleep(FIRST_BACKOFF_MS * 2 ** (tried - 1) * (0.5 + Math.random()), signal);
    }
  }
}
