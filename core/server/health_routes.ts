import type { Approvals } from "./approval_guard.ts";
import { Hono } from "hono";
import type { Metrics } from "../telemetry/metrics.ts";
import { notFound } from "./http_errors.ts";

/** How the operator is. */
export interface Health {
  /** What keeps it from serving, a sentence each; empty when ready. */
  unready(): string[];
  version: string;
  /** Whether the API server guards decisions. */
  approvals?(): Approvals;
  /** How the last delivery of each notifier went; undefined on a replica that does not notify. */
  notifiers?(): Record<string, "ok" | "failing"> | undefined;
}

/** `/healthz` (it runs), `/readyz` (it can serve; 503 with the reasons if not), `/health` (both as JSON): on every port. */
export function healthRoutes({ unready, version, approvals, notifiers }: Health): Hono {
  const app = new Hono();
  app.get("/healthz", (context) => context.text("ok"));
  app.get("/readyz", (context) => {
    const reasons = unready();
    return reasons.length === 0 ? context.text("ok") : context.text(`not ready: ${reasons.join("; ")}`, 503);
  });
  app.get("/health", (context) => {
    const reasons = unready();
    const told = notifiers?.() ?? {};
    return context.json({
      status: reasons.length === 0 ? "healthy" : "unready",
      version,
      ...(approvals ? { approvals: approvals() } : {}),
      ...(Object.keys(told).length ? { notifiers: told } : {}),
      ...(reasons.length ? { reasons } : {}),
    });
  });
  return app;
}

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
