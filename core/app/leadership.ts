import type { Log } from "../plugin.ts";
import type { LeaseHandle } from "../kube/lease.ts";
import { nameIn } from "../kube/lease_record.ts";
import { delay, endsWithin } from "../lib/delay.ts";

/** Work that only the holder of the Lease does, until `signal` is aborted. */
export interface Duty {
  name: string;
  /** It may finish then what is in hand; with `left` aborted nothing may come of that any more. */
  run(signal: AbortSignal, left: AbortSignal): Promise<void>;
}

/** It starts with the Lease and ends, with what is in hand finished or left, when it is lost. */
export interface Duties {
  begin(): void;
  /** Resolves when nothing is in hand any more, or when what is has been left. */
  end(): Promise<void>;
}

/** Whether this replica leads: not before there is a Lease, and not after its end. Asked from the first watch on. */
export interface Leadership {
  leads(): boolean;
  /** Who does, by its name, as last seen. */
  leader(): string | undefined;
  by(lease: Pick<LeaseHandle, "isHolder" | "holder">): void;
  end(): void;
}

export function createLeadership(): Leadership {
  let lease: Pick<LeaseHandle, "isHolder" | "holder"> | undefined;
  let isOver = false;
  return {
    leads: () => !isOver && (lease?.isHolder() ?? false),
    leader() {
      const holder = lease?.holder();
      return holder === undefined ? undefined : nameIn(holder);
    },
    by(one) {
      lease = one;
    },
    end() {
      isOver = true;
    },
  };
}

export interface DutiesOptions {
  log: Log;
  /**
   * How long what is in hand may take to end.
   *
   * @default 8000
   */
  endMs?: number;
  /**
   * Before a duty that failed runs again, doubled by each further failure up to a minute.
   *
   * @default 1000
   */
  retryMs?: number;
}

/**
 * Runs each duty until its signal is aborted; begun again, it waits for its last run to end. What does not end in time, such as a
 * plugin that never answers, is left, so that neither a replica that does nothing holds the Lease nor one that holds it waits for ever.
 */
export function createDuties(duties: readonly Duty[], { log, endMs = 8_000, retryMs = 1_000 }: DutiesOptions): Duties {
  let current: { stop: AbortController; left: AbortController; open: Set<string>; ended: Promise<unknown> } | undefined;
  let before: Promise<void> = Promise.resolve();

  /** A duty that failed begins again: a holder of the Lease that does nothing would keep the others from it. */
  async function keep({ name, run }: Duty, signal: AbortSignal, left: AbortSignal): Promise<void> {
    for (let wait = retryMs; !signal.aborted; wait = Math.min(2 * wait, 60_000)) {
      try {
        return await run(signal, left);
      } catch (error) {
        if (signal.aborted) return;
        log.error("a duty failed and begins again", { duty: name, error, seconds: wait / 1000 });
        await delay(wait, signal).catch(() => {});
      }
    }
  }

  async function leave({ stop, left, open, ended }: NonNullable<typeof current>): Promise<void> {
    stop.abort();
    if (await endsWithin(endMs, ended)) return;
    log.warn("duties do not end and are left", { duties: [...open], seconds: endMs / 1000 });
    left.abort(new Error("it took too long to end"));
  }

  return {
    begin() {
      if (current) return;
      const [stop, left, open] = [new AbortController(), new AbortController(), new Set<string>()];
      const ended = before.then(async () => {
        if (stop.signal.aborted) return;
        await Promise.all(duties.map(async (duty) => {
          open.add(duty.name);
          await keep(duty, stop.signal, left.signal);
          open.delete(duty.name);
        }));
      });
      current = { stop, left, open, ended };
    },
    async end() {
      if (current) before = leave(current);
      current = undefined;
      await before;
    },
  };
}
