import type { Approvals } from "./approval_guard.ts";
import { Hono } from "hono";
import type { Metrics } from "../telemetry/metrics.ts";
import { notFound } from "./http_errors.ts";
import { addRoutes, type Route, route } from "./route.ts";

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
export function healthRoutes({ unready, version, approvals, notifiers }: Health): Route[] {
  return [
    route({
      method: "GET",
      path: "/healthz",
      summary: "Whether it runs",
      answers: { 200: { description: "Yes" } },
      handler: ({ context }) => context.text("ok"),
    }),
    route({
      method: "GET",
      path: "/readyz",
      summary: "Whether it can serve",
      answers: { 200: { description: "Yes" }, 503: { description: "No, and why not" } },
      handler({ context }) {
        const reasons = unready();
        return reasons.length === 0 ? context.text("ok") : context.text(`not ready: ${reasons.join("; ")}`, 503);
      },
    }),
    route({
      method: "GET",
      path: "/health",
      summary: "Both, as JSON",
      answers: { 200: { description: "Yes" } },
      handler({ context }) {
        const reasons = unready();
        const states = notifiers?.() ?? {};
        return context.json({
          status: reasons.length === 0 ? "healthy" : "unready",
          version,
          ...(approvals ? { approvals: approvals() } : {}),
          ...(Object.keys(states).length ? { notifiers: states } : {}),
          ...(reasons.length ? { reasons } : {}),
        });
      },
    }),
  ];
}

/** The metrics server. */
export function metricsApp(metrics: Metrics, health: Health): Hono {
  const app = new Hono();
  addRoutes(app, [
    ...healthRoutes(health),
    route({
      method: "GET",
      path: "/metrics",
      summary: "What is counted and measured, as Prometheus reads it",
      answers: { 200: { description: "The metrics" } },
      handler: async ({ context }) =>
        context.body(await metrics.exposition(), 200, { "content-type": metrics.contentType }),
    }),
  ]);
  app.notFound(notFound);
  return app;
}
