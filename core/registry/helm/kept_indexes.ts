import { createLru } from "../../lib/lru.ts";
import type { ChartVersions } from "./index/chart_versions.ts";

/** An answer that is worth asking about again: the versions of the charts that were wanted, and the server's validators. */
export interface KeptIndex {
  charts: ChartVersions;
  /** Headers of a conditional request. */
  conditions: Record<string, string>;
}

/** Bytes of the indexes of all repositories. */
const KEPT_BYTES = 8 << 20;
const VERSION_BYTES = 64;
/** Of a header that is sent back. */
const LONGEST_VALIDATOR = 1024;

export interface KeptIndexes {
  /** An answer that has all of these charts. */
  get(key: string, wanted: ReadonlySet<string>): KeptIndex | undefined;
  /** Keeps the wanted charts of an answer, if it came with what a conditional request needs. */
  keep(key: string, charts: ChartVersions, headers: Headers): void;
}

export function createKeptIndexes(): KeptIndexes {
  const all = createLru<KeptIndex>(KEPT_BYTES, ({ charts }, key) => {
    let weight = 2 * key.length + LONGEST_VALIDATOR;
    for (const [chart, versions] of charts) {
      weight += VERSION_BYTES + chart.length;
      for (const { version } of versions) weight += VERSION_BYTES + version.length;
    }
    return weight;
  });
  return {
    get(key, wanted) {
      const known = all.get(key);
      return known && [...wanted].every((chart) => known.charts.has(chart)) ? known : undefined;
    },
    keep(key, charts, headers) {
      const conditions = conditionsFor(headers);
      if (Object.keys(conditions).length > 0) all.set(key, { charts, conditions });
      else all.delete(key);
    },
  };
}

/**
 * A `Last-Modified` of less than a second before the answer is none: the file may change once more within that second (RFC 9110, section
 * 8.8.2.2).
 */
function conditionsFor(headers: Headers): Record<string, string> {
  const etag = headers.get("etag");
  const modified = headers.get("last-modified");
  const age = Date.parse(headers.get("date") ?? "") - Date.parse(modified ?? "");
  return {
    ...(etag && etag.length <= LONGEST_VALIDATOR ? { "if-none-match": etag } : {}),
    ...(modified && age >= 1000 ? { "if-modified-since": modified } : {}),
  };
}
