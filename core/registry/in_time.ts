import { unlessAborted } from "../lib/aborted.ts";
import { createDeadline } from "../lib/deadline.ts";

/** What is asked for within a time. */
export interface TimeLimit {
  /** Aborted once the time is over. */
  signal: AbortSignal;
  /** Runs what its time counts for. All else, such as to wait for a turn, costs none of it. */
  counted<T>(task: () => Promise<T>): Promise<T>;
  /** Runs, within what is counted, what its time does not count for. */
  uncounted<T>(task: () => Promise<T>): Promise<T>;
  /** Ends it before its time, for this reason. */
  abort(reason: unknown): void;
}

export interface InTimeOptions {
  ms: number;
  /** Each ends it, with its reason. */
  signals: readonly (AbortSignal | undefined)[];
  late: () => Error;
}

/** Rejects with `late` once the counted time is over, whatever the task still does: it is told by the signal. */
export async function inTime<T>(
  { ms, signals, late }: InTimeOptions,
  task: (limit: TimeLimit) => Promise<T>,
): Promise<T> {
  const deadline = createDeadline(ms, signals, late);
  const { signal } = deadline;
  deadline.stop();
  const around = async <R>(before: () => void, run: () => Promise<R>, after: () => void): Promise<R> => {
    before();
    try {
      return await run();
    } finally {
      after();
    }
  };
  try {
    return await unlessAborted(
      task({
        signal,
        counted: (run) => around(deadline.resume, run, deadline.stop),
        uncounted: (run) => around(deadline.stop, run, deadline.resume),
        abort: deadline.abort,
      }),
      signal,
    );
  } finally {
    deadline.end();
  }
}
