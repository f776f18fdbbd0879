import type { Approvals } from "./approval_guard.ts";
import { Hono } from "hono";

/** How the operator is. */
export interface Health {
  /** What keeps it from serving, a sentence each; empty when ready. */
  unready(): string[];
  version: string;
  /** Whether the API server guards decisions. */
  approvals?(): Approvals;
}

/** `/healthz` (it runs), `/readyz` (it can serve; 503 with the reasons if not), `/health` (both as JSON): on every port. */
export function healthRoutes({ unready, version, approvals }: Health): Hono {
  const app = new Hono();
  app.get("/healthz", (context) => context.text("ok"));
  app.get("/readyz", (context) => {
    const reasons = unready();
    return reasons.length === 0 ? context.text("ok") : context.text(`not ready: ${reasons.join("; ")}`, 503);
  });
  app.get("/health", (context) => {
    const reasons = unready();
    return context.json({
      status: reasons.length === 0 ? "healthy" : "unready",
      version,
      ...(approvals ? { approvals: approvals() } : {}),
      ...(reasons.length ? { reasons } : {}),
    });
  });
  return app;
}
