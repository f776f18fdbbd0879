/** A time within which something has to come. */
export interface Deadline {
  /** Aborted once the time is over, and with an outer signal's reason. */
  signal: AbortSignal;
  /** Begins the time anew. */
  restart(): void;
  /** Stops the clock until `restart`, or `resume`. */
  stop(): void;
  /** Lets the clock go on with the time that is left. */
  resume(): void;
  /** Runs what the time counts for; the clock stands still before and after it. */
  counted<T>(task: () => Promise<T>): Promise<T>;
  /** Runs, within what is counted, what the time does not count for. */
  uncounted<T>(task: () => Promise<T>): Promise<T>;
  /** Aborts at once. */
  abort(reason: unknown): void;
  /** Stops the clock for good, and lets the outer signals go. */
  end(): void;
}

export interface DeadlineOptions {
  /** Milliseconds. None where absent: then only the signals end it. */
  ms?: number;
  /** Each ends it, with its reason. */
  signals?: readonly (AbortSignal | undefined)[];
  /**
   * Makes the reason of the signal once the time is over.
   *
   * @default a `TimeoutError`
   */
  late?: () => Error;
}

/** The clock runs at once. Whoever creates one calls `end`. */
export function createDeadline({ ms = Infinity, signals = [], late = timeoutError(ms) }: DeadlineOptions): Deadline {
  const control = new AbortController();
  const leaves = signals.flatMap((signal) => signal ? [{ signal, leave: () => control.abort(signal.reason) }] : []);
  let left = ms;
  let began = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    left -= performance.now() - began;
  };
  const resume = () => {
    if (timer !== undefined || left === Infinity || control.signal.aborted) return;
    began = performance.now();
    timer = setTimeout(() => control.abort(late()), Math.max(0, left));
  };
  for (const { signal, leave } of leaves) {
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  }
  resume();
  return {
    signal: control.signal,
    stop,
    resume,
    restart() {
      stop();
      left = ms;
      resume();
    },
    counted: (task) => around(resume, task, stop),
    uncounted: (task) => around(stop, task, resume),
    abort(reason) {
      stop();
      control.abort(reason);
    },
    end() {
      stop();
      for (const { signal, leave } of leaves) signal.removeEventListener("abort", leave);
    },
  };
}

export interface WithDeadlineOptions extends DeadlineOptions {
  /** Only what the work runs by `counted` costs time. */
  stopped?: boolean;
  /**
   * Milliseconds that the work has to end by itself once one of the signals is aborted.
   *
   * @default 0
   */
  graceMs?: number;
}

/**
 * The outcome of `work`, given up once its deadline's signal is aborted: then this rejects with that signal's reason, whether
 * the work obeys it or not.
 */
export async function withDeadline<T>(
  { stopped = false, graceMs = 0, ...options }: WithDeadlineOptions,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  for (const signal of options.signals ?? []) signal?.throwIfAborted();
  const deadline = createDeadline(options);
  if (stopped) deadline.stop();
  const { signal } = deadline;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let giveUp = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      giveUp = () => {
        const isAskedToEnd = options.signals?.some((outer) => outer?.aborted);
        if (graceMs > 0 && isAskedToEnd) grace = setTimeout(() => reject(signal.reason), graceMs);
        else reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      work(deadline).then(resolve, reject);
    });
  } finally {
    clearTimeout(grace);
    signal.removeEventListener("abort", giveUp);
    deadline.end();
  }
}

const timeoutError = (ms: number) => () => new DOMException(`no answer in ${ms / 1000} s`, "TimeoutError");

async function around<T>(before: () => void, run: () => Promise<T>, after: () => void): Promise<T> {
  before();
  try {
    return await run();
  } finally {
    after();
  }
}

/** Calls `late` unless it is ended within so many milliseconds, or up to a quarter of a second after. Gives its end. */
export type SharedTimer = (ms: number, late: () => void) => () => void;

const LONGEST_STEP_MS = 250;

/**
 * Time limits that share a timer, which runs as long as there are any. For what nearly always ends in time and often: there a
 * timer each costs more than the limits are worth.
 */
export function createSharedTimer(): SharedTimer {
  const open = new Set<{ at: number; late(): void }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const now = performance.now();
    timer = undefined;
    for (const one of open) {
      if (one.at > now) continue;
      open.delete(one);
      one.late();
    }
    if (open.size > 0) timer = setTimeout(look, LONGEST_STEP_MS);
  };
  return (ms, late) => {
    const one = { at: performance.now() + ms, late };
    open.add(one);
    timer ??= setTimeout(look, Math.min(ms, LONGEST_STEP_MS));
    return () => open.delete(one);
  };
}
