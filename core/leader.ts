import type { Log } from "./plugin.ts";

/** Work that only the holder of the Lease does. It starts with the Lease and ends, with what is in hand finished, when it is lost. */
export interface Duties {
  begin(): void;
  /** Resolves when nothing is in hand any more. */
  end(): Promise<void>;
}

/** Runs each duty until its signal is aborted; begun again, it waits for its last run to end. */
export function createDuties(duties: readonly ((signal: AbortSignal) => Promise<void>)[], log: Log): Duties {
  let current: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  return {
    begin() {
      if (current) return;
      const controller = current = new AbortController();
      const before = running;
      running = (async () => {
        await before;
        if (controller.signal.aborted) return;
        const results = await Promise.allSettled(duties.map((duty) => duty(controller.signal)));
        for (const result of results) {
          if (result.status === "rejected") log.error("a duty ended by itself", { error: result.reason });
        }
      })();
    },
    async end() {
      current?.abort();
      current = undefined;
      await running;
    },
  };
}
