import { abortable } from "../../lib/delay.ts";
import type { ChartVersions } from "./index/chart_versions.ts";

/** Reads an index for these charts; the signal is aborted once nobody waits for it. */
export type ReadCharts = (wanted: ReadonlySet<string>, signal: AbortSignal) => Promise<ChartVersions>;

export interface SharedReads {
  /**
   * The charts of the index `key`, `chart` among them, from the read that is under way if that has it in it; else from a new one of
   * all that are `wanted` then. Rejects with the reason of an aborted `signal`.
   */
  read(
    key: string,
    chart: string,
    wanted: () => Iterable<string>,
    read: ReadCharts,
    signal?: AbortSignal,
  ): Promise<ChartVersions>;
}

/** An index that is being read. */
interface UnderWay {
  key: string;
  wanted: ReadonlySet<string>;
  charts: Promise<ChartVersions>;
  /** How many wait for it; when none does, it is stopped. */
  waiting: number;
  stop: AbortController;
}

/** One read of an index serves all calls with the same key that come while it is under way. */
export function createSharedReads(): SharedReads {
  const underWay = new Map<string, UnderWay>();

  async function waitFor(one: UnderWay, given?: AbortSignal): Promise<ChartVersions> {
    one.waiting++;
    try {
      return await abortable(one.charts, given);
    } finally {
      one.waiting--;
      if (one.waiting === 0) {
        letGo(one);
        one.stop.abort(given?.reason);
      }
    }
  }

  function letGo(one: UnderWay): void {
    if (underWay.get(one.key) === one) underWay.delete(one.key);
  }

  return {
    async read(key, chart, wantedNow, read, given) {
      for (let other = underWay.get(key); other; other = underWay.get(key)) {
        if (other.wanted.has(chart)) return await waitFor(other, given);
        await abortable(other.charts.catch(() => {}), given);
      }
      given?.throwIfAborted();
      const wanted = new Set([...wantedNow(), chart]);
      const stop = new AbortController();
      const charts = read(wanted, stop.signal).finally(() => letGo(one));
      const one: UnderWay = { key, wanted, charts, waiting: 0, stop };
      underWay.set(key, one);
      return await waitFor(one, given);
    },
  };
}
