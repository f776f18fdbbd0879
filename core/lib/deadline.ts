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
  /** Aborts at once. */
  abort(reason: unknown): void;
  /** Stops the clock for good, and lets the outer signals go. */
  end(): void;
}

/** The time begins at once. `late` makes the reason of the signal once it is over. */
export function createDeadline(
  ms: number,
  outer: readonly (AbortSignal | undefined)[] = [],
  late: () => Error = () => new Error(`no answer in ${ms / 1000} s`),
): Deadline {
  const control = new AbortController();
  const leaves = outer.flatMap((signal) => signal ? [{ signal, leave: () => control.abort(signal.reason) }] : []);
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
    if (timer !== undefined || control.signal.aborted) return;
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
