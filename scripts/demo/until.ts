import { pause } from "../../core/kube/pause.ts";
import type { Stage } from "./stage.ts";

/** Waits until `find` gives something. Throws when a minute has passed, or the operator has ended. */
export type Until = <T>(what: string, find: () => T | undefined | false | Promise<T | undefined | false>) => Promise<T>;

const patienceMs = 60_000;

export function createUntil(operator: Stage["operator"], signal: AbortSignal): Until {
  return async (what, find) => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = await find();
      if (found !== undefined && found !== false) return found;
      const ended = operator.ended();
      if (ended) throw new Error(`the operator ended (${ended}); its last lines:\n${await operator.tail()}`);
      if (performance.now() > deadline) throw new Error(`waited ${patienceMs / 1000} s in vain until ${what}`);
      await pause(20, signal);
    }
  };
}
