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
  read(numbers: MetricsBackend, period: Period): Promise<Series[]>;
}

/** So that a kind stands here as people write it. */
const KINDS: Readonly<Record<string, string>> = {
  deployment: "Deployments",
  statefulset: "StatefulSets",
  daemonset: "DaemonSets",
  cronjob: "CronJobs",
  helmrelease: "HelmReleases",
};

const counted = (name: string, metric: string) => async (numbers: MetricsBackend, period: Period) => ({
  name,
  points: whole(onlySeries(await numbers.range({ metric, as: "increase", ...period }))),
});
const greatest = (name: string, metric: string) => async (numbers: MetricsBackend, period: Period) => ({
  name,
  points: onlySeries(await numbers.range({ metric, as: "max", ...period })),
});
const mean = (name: string, histogram: string) => async (numbers: MetricsBackend, period: Period) => ({
  name,
  points: await meanOverTime(numbers, histogram, period),
});
type ReadSeries = (numbers: MetricsBackend, period: Period) => Promise<Series>;

const together = (...reads: ReadSeries[]): ChartDefinition["read"] => async (numbers, period) =>
  (await Promise.all(reads.map((read) => read(numbers, period)))).filter(({ points }) => points.length > 0);

/** Its charts, in their order. */
export const CHARTS: readonly ChartDefinition[] = [
  {
    id: "updates",
    title: "Updates over time",
    unit: "",
    read: together(
      counted("Approved", CATALOG.approved.name),
      counted("Applied", CATALOG.applied.name),
      counted("Failed", CATALOG.failed.name),
      counted("Rolled back", CATALOG.rollbacks.name),
    ),
  },
  {
    id: "watched",
    title: "Resources watched",
    unit: "",
    async read(numbers, period) {
      const series = await numbers.range({ metric: CATALOG.watched.name, as: "max", by: ["kind"], ...period });
      return series.map(({ labels: { kind = "" }, points }) => ({ name: KINDS[kind] ?? kind, points }))
        .sort((one, other) => last(other) - last(one) || one.name.localeCompare(other.name, "en"));
    },
  },
  {
    id: "times",
    title: "Time from seen to applied, and from applied to verified",
    unit: "s",
    read: together(
      mean("Seen to applied, mean", CATALOG.sightingToApplied.name),
      mean("Applied to verified, mean", CATALOG.appliedToVerified.name),
    ),
  },
  {
    id: "registries",
    title: "Registry requests by answer",
    unit: "",
    async read(numbers, period) {
      const metric = CATALOG.registryRequests.name;
      const series = await numbers.range({ metric, as: "increase", by: ["status"], ...period });
      return series.map(({ labels: { status = "" }, points }) => ({
        name: status === "0" ? "No answer" : status,
        points: whole(points),
      })).sort((one, other) => sum(other) - sum(one) || one.name.localeCompare(other.name, "en"));
    },
  },
  {
    id: "queue",
    title: "Queue",
    unit: "",
    read: together(
      greatest("Workloads to reconcile", CATALOG.queueDepth.name),
      greatest("Updates pending", CATALOG.pending.name),
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
