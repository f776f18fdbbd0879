import { CATALOG, type MetricEntry, type MetricName } from "./catalog.ts";

/** One metric that a chart shows. */
export interface Charted {
  /** As it stands in an exposition, so with `_bucket` for the buckets of a histogram. */
  metric: string;
  as: "increase" | "max";
  /** Labels whose values are series of their own. */
  by?: readonly string[];
}

const plain = (...names: MetricName[]): Charted[] =>
  names.map((name) => ({ metric: CATALOG[name].name, as: CATALOG[name].type === "counter" ? "increase" : "max" }));

const histogram = (name: MetricName): Charted[] => [
  { metric: `${CATALOG[name].name}_bucket`, as: "increase", by: ["le"] },
  { metric: `${CATALOG[name].name}_sum`, as: "increase" },
  { metric: `${CATALOG[name].name}_count`, as: "increase" },
];

/**
 * What each replica remembers of its own numbers for a day: what charts show, and no label whose values have no bound. All
 * other metrics have a past in a backend alone.
 */
export const CHARTED: readonly Charted[] = [
  ...plain("pending", "approved", "rejected", "applied", "failed", "superseded", "rollbacks"),
  { metric: CATALOG.watched.name, as: "max", by: ["kind"] },
  ...plain("deployments", "statefulsets", "daemonsets", "helmReleases"),
  ...histogram("sightingToApplied"),
  ...histogram("appliedToVerified"),
  { metric: CATALOG.registryRequests.name, as: "increase", by: ["status"] },
  ...plain("queueDepth"),
];

/** Of which type a name in an exposition is; undefined for one that is in no catalog. */
export function typeOf(
  name: string,
  entries: Iterable<MetricEntry> = Object.values(CATALOG),
): MetricEntry["type"] | undefined {
  for (const { name: known, type } of entries) {
    if (known === name) return type;
    if (type === "histogram" && /^_(bucket|sum|count)$/.test(name.slice(known.length)) && name.startsWith(known)) {
      return "counter";
    }
  }
  return undefined;
}
