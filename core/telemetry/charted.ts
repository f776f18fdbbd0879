import { CATALOG, type MetricName } from "./catalog.ts";

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

/** For the mean in each step: few are measured in one, so that bounds of buckets would tell less. */
const mean = (name: MetricName): Charted[] =>
  ["sum", "count"].map((part) => ({ metric: `${CATALOG[name].name}_${part}`, as: "increase" }));

/**
 * What each replica remembers of its own numbers for a day: what charts show, and no label whose values have no bound. All
 * other metrics have a past in a backend alone.
 */
export const CHARTED: readonly Charted[] = [
  ...plain("pending", "approved", "rejected", "applied", "failed", "superseded", "rollbacks"),
  { metric: CATALOG.watched.name, as: "max", by: ["kind"] },
  ...plain("deployments", "statefulsets", "daemonsets", "helmReleases"),
  ...mean("sightingToApplied"),
  ...mean("appliedToVerified"),
  { metric: CATALOG.registryRequests.name, as: "increase", by: ["status"] },
  ...plain("queueDepth"),
];
