import type { RangeQuery, Series } from "../plugin.ts";

/** Series of an answer that are taken: no chart has as many. */
const MOST = 100;

/**
 * What was asked for of an answer: one point for each step, of that time, in their order. What else a backend answers, which may be a
 * stranger's, is left out. Pure.
 */
export function fitToQuery(series: readonly Series[], { start, end, step }: RangeQuery): Series[] {
  return series.slice(0, MOST).map(({ labels, points }) => {
    const bySteps = new Map<number, [number, number]>();
    for (const [at, value] of points) {
      if (at >= start && at <= end && Number.isFinite(value)) bySteps.set(Math.round((at - start) / step), [at, value]);
    }
    return { labels, points: [...bySteps].sort(([one], [other]) => one - other).map(([, point]) => point) };
  });
}
