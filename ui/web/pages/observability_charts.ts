import { CATALOG, meanOverTime, type MetricsBackend, onlySeries, type Period, whole } from "../../../core/web.ts";
import type { Series } from "../pictures/series.ts";

/** What one chart shows, or why it shows nothing. */
export interface Chart {
  id: string;
  title: string;
  unit: string;
  series: Series[];
  /** Why the backend gave no answer, in its words. */
  problem?: string;
}

interface ChartDefinition {
  id: string;
  title: string;
  unit: string;
  read: Read<Series[]>;
}

/** So that a kind stands here as people write it. */
const KINDS: Readonly<Record<string, string>> = {
  deployment: "Deployments",
  statefulset: "StatefulSets",
  daemonset: "DaemonSets",
  cronjob: "CronJobs",
  helmrelease: "HelmReleases",
};

type Read<T> = (numbers: MetricsBackend, period: Period) => Promise<T>;

const countOf = (name: string, metric: string): Read<Series> => async (numbers, period) => ({
  name,
  points: whole(onlySeries(await numbers.range({ metric, as: "increase", ...period }))),
});
const highestOf = (name: string, metric: string): Read<Series> => async (numbers, period) => ({
  name,
  points: onlySeries(await numbers.range({ metric, as: "max", ...period })),
});
const meanOf = (name: string, histogram: string): Read<Series> => async (numbers, period) => ({
  name,
  points: await meanOverTime(numbers, histogram, period),
});

const together = (...reads: Read<Series>[]): Read<Series[]> => async (numbers, period) =>
  (await Promise.all(reads.map((read) => read(numbers, period)))).filter(({ points }) => points.length > 0);

/** One for each value of a label: of counts that of which there was most first, else that which is highest now. */
const byLabel =
  (label: string, metric: string, as: "increase" | "max", nameOf: (value: string) => string): Read<Series[]> =>
  async (numbers, period) => {
    const size = as === "increase" ? sum : last;
    const series = (await numbers.range({ metric, as, by: [label], ...period })).map(({ labels, points }) => ({
      name: nameOf(labels[label] ?? ""),
      points: as === "increase" ? whole(points) : points,
    }));
    return series.sort((one, other) => size(other) - size(one) || one.name.localeCompare(other.name, "en"));
  };

/** Its charts, in their order. */
const CHARTS: readonly ChartDefinition[] = [
  {
    id: "updates",
    title: "Updates over time",
    unit: "",
    read: together(
      countOf("Approved", CATALOG.approved.name),
      countOf("Applied", CATALOG.applied.name),
      countOf("Failed", CATALOG.failed.name),
      countOf("Rolled back", CATALOG.rollbacks.name),
    ),
  },
  {
    id: "watched",
    title: "Resources watched",
    unit: "",
    read: byLabel("kind", CATALOG.watched.name, "max", (kind) => KINDS[kind] ?? kind),
  },
  {
    id: "times",
    title: "Time from seen to applied, and from applied to verified",
    unit: "s",
    read: together(
      meanOf("Seen to applied, mean", CATALOG.sightingToApplied.name),
      meanOf("Applied to verified, mean", CATALOG.appliedToVerified.name),
    ),
  },
  {
    id: "registries",
    title: "Registry requests by answer",
    unit: "",
    read: byLabel(
      "status",
      CATALOG.registryRequests.name,
      "increase",
      (status) => status === "0" ? "No answer" : status,
    ),
  },
  {
    id: "queue",
    title: "Queue",
    unit: "",
    read: together(
      highestOf("Workloads to reconcile", CATALOG.queueDepth.name),
      highestOf("Updates pending", CATALOG.pending.name),
    ),
  },
];

export const sum = ({ points }: Pick<Series, "points">): number =>
  points.reduce((total, [, value]) => total + value, 0);
const last = ({ points }: Series): number => points.at(-1)?.[1] ?? 0;

/** All charts, each for itself: one that cannot be had keeps no other away. */
export function readCharts(numbers: MetricsBackend, period: Period): Promise<Chart[]> {
  return Promise.all(CHARTS.map(async ({ id, title, unit, read }) => {
    try {
      return { id, title, unit, series: await read(numbers, period) };
    } catch (error) {
      return { id, title, unit, series: [], problem: (error as Error).message };
    }
  }));
}
