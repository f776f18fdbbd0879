/** A time within which something has to come. */
export interface Deadline {
  /** Aborted once the time is over, and with the outer signal's reason. */
  signal: AbortSignal;
  /** Begins the time anew. */
  restart(): void;
  /** Stops the clock until `restart`. */
  stop(): void;
  /** Stops the clock for good, and lets the outer signal go. */
  end(): void;
}

/** The time begins at once. */
export function createDeadline(ms: number, outer?: AbortSignal): Deadline {
  const control = new AbortController();
  const late = () => control.abort(new Error(`no answer in ${ms / 1000} s`));
  const leave = () => control.abort(outer?.reason);
  let timer = setTimeout(late, ms);
  if (outer?.aborted) leave();
  outer?.addEventListener("abort", leave, { once: true });
  return {
    signal: control.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(late, ms);
    },
    stop: () => clearTimeout(timer),
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", leave);
    },
  };
}
