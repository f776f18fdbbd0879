import { type Health, healthRoutes } from "./health.ts";
import { Hono } from "hono";
import type { Metrics } from "../telemetry/metrics.ts";
import { notFound } from "./errors.ts";

/** The metrics server. */
export function metricsApp(metrics: Metrics, health: Health): Hono {
  const app = new Hono();
  app.route("/", healthRoutes(health));
  app.get("/metrics", async (context) => {
    return context.body(await metrics.exposition(), 200, { "content-type": metrics.contentType });
  });
  app.notFound(notFound);
  return app;
}
