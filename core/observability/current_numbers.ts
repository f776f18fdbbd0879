import { CATALOG, type MetricName } from "../telemetry/catalog.ts";
import type { Sample } from "../plugin.ts";
import { together } from "../telemetry/numbers_memory.ts";

/** What `/api/v1/metrics` tells of, by Headwind's names for it. */
const CURRENT_NUMBERS = {
  updates_pending: "pending",
  updates_approved: "approved",
  updates_rejected: "rejected",
  updates_applied: "applied",
  updates_failed: "failed",
  deployments_watched: "deployments",
  statefulsets_watched: "statefulsets",
  daemonsets_watched: "daemonsets",
  helm_releases_watched: "helmReleases",
} as const satisfies Record<string, MetricName>;

export type CurrentNumbers = Record<keyof typeof CURRENT_NUMBERS, number>;

/** Of all replicas: what they counted since each began, summed; of gauges, which each of them reads by itself, the greatest. */
export function currentNumbers(samples: readonly Sample[]): CurrentNumbers {
  return Object.fromEntries(
    Object.entries(CURRENT_NUMBERS).map(([name, metric]) => {
      const { name: wanted, type } = CATALOG[metric];
      const [one] = together(samples, { metric: wanted, as: type === "counter" ? "increase" : "max" }).values();
      return [name, one && Number.isFinite(one.value) ? one.value : 0];
    }),
  ) as CurrentNumbers;
}
