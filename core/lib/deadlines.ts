/** Calls `late` unless it is ended within so many milliseconds, or up to a quarter of a second after. Gives its end. */
export type Deadlines = (ms: number, late: () => void) => () => void;

const longestStepMs = 250;

/**
 * Time limits that share a timer, which stands as long as there are any. For what nearly always ends in time and often:
 * there a timer each costs more than the limits are worth.
 */
export function createDeadlines(): Deadlines {
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
    if (open.size > 0) timer = setTimeout(look, longestStepMs);
  };
  return (ms, late) => {
    const one = { at: performance.now() + ms, late };
    open.add(one);
    timer ??= setTimeout(look, Math.min(ms, longestStepMs));
    return () => open.delete(one);
  };
}
