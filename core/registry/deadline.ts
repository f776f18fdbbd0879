/** A time within which something has to come. */
export interface Deadline {
  /** Aborted once the time is over, and with the reason of an outer signal. */
  signal: AbortSignal;
  /** Begins the time anew. */
  restart(): void;
  /** Stops the clock until `restart`. */
  stop(): void;
  /** Stops the clock for good, and lets the outer signals go. */
  end(): void;
}

/** The time begins at once. */
export function createDeadline(ms: number, ...outer: (AbortSignal | undefined)[]): Deadline {
  const control = new AbortController();
  const late = () => control.abort(new Error(`no answer in ${ms / 1000} s`));
  const leave = (event: { target: unknown }) => control.abort((event.target as AbortSignal).reason);
  let timer = setTimeout(late, ms);
  for (const signal of outer) {
    if (signal?.aborted) leave({ target: signal });
    signal?.addEventListener("abort", leave, { once: true });
  }
  return {
    signal: control.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(late, ms);
    },
    stop: () => clearTimeout(timer),
    end() {
      clearTimeout(timer);
      for (const signal of outer) signal?.removeEventListener("abort", leave);
    },
  };
}
