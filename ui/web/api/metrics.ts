import type { Context, Hono } from "hono";
import { currentNumbers, type DashboardContext, lastDay, metricOverTime, type Points } from "../../../core/web.ts";
import type { Env } from "../app.ts";

/**
 * The numbers of the observability page as JSON, in Headwind's shapes: `/api/v1/metrics`, and the last day of one metric at
 * `/api/v1/metrics/timeseries/{metric}`.
 */
export function addMetricsApi(app: Hono<Env>, { numbers, now }: Pick<DashboardContext, "numbers" | "now">): void {
  app.get("/api/v1/metrics", (call) =>
    answered(call, async () => {
      const current = currentNumbers(await numbers.current());
      return call.json({ backend: (await numbers.state())?.title, metrics: current });
    }));
  app.get("/api/v1/metrics/timeseries/:metric", (call) =>
    answered(call, async () => {
      const metric = call.req.param("metric");
      const points = await metricOverTime(numbers, metric, lastDay(now()));
      if (!points) return call.json({ error: `there is no metric ${metric.slice(0, 200)}`, field: "metric" }, 404);
      return call.json(timeseries(points, now()));
    }));
}

/** What a backend cannot answer is its failure, and told in its words. */
async function answered(call: Context<Env>, work: () => Promise<Response>): Promise<Response> {
  call.header("cache-control", "no-store");
  try {
    return await work();
  } catch (error) {
    return call.json({ error: error instanceof Error ? error.message : String(error) }, 502);
  }
}

/** The step that runs ends later: what is known of it is of now. */
const timeseries = (points: Points, now: Date) =>
  points.map(([at, value]) => ({
    timestamp: `${new Date(Math.min(at * 1000, now.getTime())).toISOString().slice(0, 19)}Z`,
    value,
  }));
