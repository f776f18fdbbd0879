import { delay } from "../../../core/web.ts";

/** Runs tasks one after another, but waits for none longer than for `patienceMs` before it begins the next. */
export interface Turns {
  take(task: () => Promise<void>): Promise<void>;
  /** Milliseconds that tasks have held the turn, all together. */
  spent(): number;
}

export function createTurns(patienceMs: number): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let spent = 0;
  return {
    spent: () => spent,
    take(task) {
      const turn = last.then(() => {
        const began = performance.now();
        const done = (async () => await task())();
        const leave = new AbortController();
        const held = Promise.race([done.catch(() => {}), delay(patienceMs, leave.signal)]).finally(() => {
          spent += performance.now() - began;
          leave.abort();
        });
        return { done, held };
      });
      last = turn.then(({ held }) => held);
      return turn.then(({ done }) => done);
    },
  };
}
