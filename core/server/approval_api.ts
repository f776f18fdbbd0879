import { type ChangeRouteOptions, changeRoutes } from "./change_routes.ts";
import { createReaders } from "./readers.ts";
import { errorAnswer } from "./http_errors.ts";
import { type Health, healthRoutes } from "./health_routes.ts";
import { Hono } from "hono";
import { openApiDocument } from "./openapi.ts";
import { requireSameSite } from "./same_site.ts";
import { addRoutes, noSuchRoute, type Route, route } from "./route.ts";
import { type UpdateOptions, updateRoutes } from "./update_routes.ts";

export interface ApprovalOptions extends Omit<UpdateOptions & ChangeRouteOptions, "readerOf"> {
  health: Health;
}

/** The approval API, with the Rust Headwind's routes; `/openapi.json` describes it. */
export function approvalApp({ health, ...options }: ApprovalOptions): Hono {
  const { callers, log } = options;
  const context = { ...options, readerOf: createReaders(callers) };
  const routes: Route[] = [
    ...healthRoutes(health),
    route({
      method: "GET",
      path: "/openapi.json",
      summary: "This document",
      answers: { 200: { description: "Yes" } },
      handler: (call) => call.context.json(openApiDocument(routes, health.version, callers.open)),
    }),
    ...updateRoutes(context),
    ...changeRoutes(context),
  ];
  const app = new Hono();
  app.use("/api/v1/*", async ({ req }, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") requireSameSite(req.raw, callers.hosts);
    await next();
  });
  addRoutes(app, routes);
  app.notFound(noSuchRoute(routes));
  app.onError((error, call) => errorAnswer(call, error, log));
  return app;
}
