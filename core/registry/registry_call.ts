import { withDeadline } from "../lib/deadline.ts";
import type { ResponseMemory } from "./response_memory.ts";
import { RegistryError } from "./registry_error.ts";
import { LONGEST_WAIT_MS } from "./cooldown.ts";

/** One call that is under way, however many requests it needs. */
export interface RegistryCall {
  /** Aborted once it is over, or given up. */
  signal: AbortSignal;
  /** Runs what the call's time counts for: not what it waits for its turn. */
  counted<T>(task: () => Promise<T>): Promise<T>;
  /** Takes memory for so many bytes more; may wait for them. */
  grow(bytes: number): Promise<void>;
  /** Gives memory back. */
  shrink(bytes: number): void;
  /** Whether others wait for memory until this call is over. */
  isLarge(): boolean;
}

export interface CallOptions {
  memory: ResponseMemory;
  /** Whose turn it takes where memory is short. */
  lane: string;
  host: string;
  /** The time that it has in all. */
  ms: number;
  /** Each ends it, with its reason. */
  signals: readonly (AbortSignal | undefined)[];
  /** The error when it is not over in its time. */
  late: () => Error;
}

/** Runs a call within its time, and gives its memory back when it is over. */
export async function runCall<T>(
  { memory, lane, host, ...limits }: CallOptions,
  task: (call: RegistryCall) => Promise<T>,
): Promise<T> {
  const held = memory.reserve(lane, host);
  try {
    return await withDeadline({ ...limits, stopped: true }, (deadline) =>
      task({
        signal: deadline.signal,
        counted: deadline.counted,
        grow: (bytes) => held.grow(bytes, deadline),
        shrink: held.shrink,
        isLarge: held.isLarge,
      }));
  } finally {
    held.release();
  }
}

export interface RetryOptions {
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
export async function withRetries<T>(attempt: () => Promise<T>, { sleep, signal, failed }: RetryOptions): Promise<T> {
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
