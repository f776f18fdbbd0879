import { delay } from "../../core/lib/delay.ts";
import type { Stage } from "./stage.ts";

/** Waits until `find` gives something. Throws when a minute has passed, or the operator has ended. */
export type Until = <T>(what: string, find: () => T | undefined | false | Promise<T | undefined | false>) => Promise<T>;

const patienceMs = 60_000;
const sayEveryMs = 10_000;

/** `say` is told what is still waited for, so that nobody thinks that it hangs. */
export function createUntil(operator: Stage["operator"], signal: AbortSignal, say: (text: string) => void): Until {
  return async (what, find) => {
    const started = performance.now();
    let said = 0;
    for (;;) {
      const found = await find();
      if (found !== undefined && found !== false) return found;
      const ended = operator.ended();
      if (ended) throw new Error(`the operator ended (${ended}); its last lines:\n${await operator.tail()}`);
      const waited = performance.now() - started;
      if (waited > patienceMs) throw new Error(`waited ${patienceMs / 1000} s in vain until ${what}`);
      if (waited > (said + 1) * sayEveryMs) {
        said++;
        say(`waiting, ${said * sayEveryMs / 1000} of at most ${patienceMs / 1000} s, until ${what}`);
      }
      await delay(20, signal);
    }
  };
}
