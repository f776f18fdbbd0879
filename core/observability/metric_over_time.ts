import type { MetricsBackend } from "./metrics_backend.ts";
import type { RangeQuery, Series } from "../plugin.ts";

export type Points = [seconds: number, value: number][];

/** A time that charts show: Unix seconds, in steps that stand at multiples of themselves, the running one included. */
export type Period = Pick<RangeQuery, "start" | "end" | "step">;

const HOURS = 24;
const STEP_SECONDS = 300;

/** The last day. */
export function lastDay(now: Date): Period {
  const end = Math.ceil(now.getTime() / 1000 / STEP_SECONDS) * STEP_SECONDS;
  return { start: end - HOURS * 3600, end, step: STEP_SECONDS };
}

/**
 * What a metric was in each step: of a counter what was counted, of a gauge the greatest value, of a histogram the mean of
 * what was measured. Undefined where there is no metric of that name.
 */
export async function metricOverTime(
  backend: Pick<MetricsBackend, "range" | "entries">,
  metric: string,
  period: Period,
): Promise<Points | undefined> {
  const entry = backend.entries.find(({ name, type }) =>
    name === metric || (type === "histogram" && isPartOf(metric, name))
  );
  if (!entry) return undefined;
  if (entry.type === "histogram" && entry.name === metric) return await meanOverTime(backend, metric, period);
  const as = entry.type === "gauge" ? "max" : "increase";
  const points = onlySeries(await backend.range({ metric, as, ...period }));
  return as === "max" || metric.endsWith("_sum") ? points : whole(points);
}

/** The mean of what a histogram measured in each step; no point where it measured nothing. */
export async function meanOverTime(
  backend: Pick<MetricsBackend, "range">,
  histogram: string,
  period: Period,
): Promise<Points> {
  const [sums, counts] = await Promise.all(
    ["sum", "count"].map(async (part) =>
      onlySeries(await backend.range({ metric: `${histogram}_${part}`, as: "increase", ...period }))
    ),
  );
  const sumAt = new Map(sums);
  return counts!.flatMap(([at, count]): Points => {
    const sum = sumAt.get(at);
    return sum !== undefined && Math.round(count) > 0 ? [[at, sum / count]] : [];
  });
}

/** Of events that were counted there are whole ones; some backends reckon with parts of them at the ends of a step. */
export const whole = (points: readonly [number, number][]): Points =>
  points.map(([at, value]) => [at, Math.round(value)]);

export const onlySeries = (series: readonly Series[]): Points => series[0]?.points ?? [];

const isPartOf = (metric: string, histogram: string): boolean =>
  metric.startsWith(histogram) && /^_(sum|count)$/.test(metric.slice(histogram.length));
