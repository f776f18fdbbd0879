import { delay } from "../../../lib/delay.ts";

/** The work of one reader, in steps, with all else of the process in between. */
export interface Steps {
  /** Runs a step, which nothing can interrupt. */
  run<T>(step: () => T): T;
  /** Is called between two of them. Waits where it is time for others. */
  rest(): Promise<void>;
  /** There are no more. */
  end(): void;
}

/** How long all else waits for readers at most, but for one step. */
const stepMs = 10;
/** A step that takes so long is followed by a rest of twice its time, also of a reader on its own. */
const longMs = 100;

let readers = 0;
/** When all readers together have rested for as long as they worked. */
let restedAt = 0;

/** A reader on its own only gives way now and then; several of them take half of the process's time together, in turns. */
export function createSteps(): Steps {
  let busyMs = 0;
  readers++;
  return {
    run(step) {
      const began = performance.now();
      try {
        return step();
      } finally {
        busyMs += performance.now() - began;
      }
    },
    async rest() {
      if (busyMs < stepMs) return;
      const now = performance.now();
      const ms = readers > 1 || busyMs > longMs ? 2 * busyMs : 0;
      busyMs = 0;
      restedAt = Math.max(restedAt, now) + ms;
      await delay(ms === 0 ? 0 : restedAt - now);
    },
    end: () => void readers--,
  };
}
