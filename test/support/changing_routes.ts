import { createApp } from "../../ui/web/app.ts";
import { dashboardContext } from "./build/dashboard_context.ts";

/** A route of the dashboard by which something is changed, as a test sends it a form. */
export interface ChangingRoute {
  /** With the names of `Place` in it. */
  path: string;
  form: Record<string, string>;
  /** What it takes, as the audit calls it; absent where it changes nothing but what the browser keeps. */
  action?: "approve" | "reject" | "hold" | "resume" | "rollback" | "retry" | "check";
}

/** What a route is asked about. */
export interface Place {
  namespace: string;
  /** Of a request that waits. */
  update: string;
  /** Of a request that is finished. */
  finished: string;
  /** Of a Deployment with the container `app`. */
  workload: string;
}

/** A form for each route, by the route's path as hono writes it. A route that is not here fails `every_route.test.ts`. */
export const CHANGING: Readonly<Record<string, (place: Place) => ChangingRoute[]>> = {
  "/preferences": () => [{ path: "/preferences", form: { theme: "dark" } }],
  "/login": () => [{ path: "/login", form: { token: "none" } }],
  "/logout": () => [{ path: "/logout", form: {} }],
  "/updates/:namespace/:name/approve": ({ namespace, update }) => [
    { path: `/updates/${namespace}/${update}/approve`, form: { comment: "tested" }, action: "approve" },
  ],
  "/updates/:namespace/:name/reject": ({ namespace, update }) => [
    { path: `/updates/${namespace}/${update}/reject`, form: { comment: "not yet" }, action: "reject" },
  ],
  "/actions/decide_many": ({ namespace, update }) =>
    (["approve", "reject"] as const).map((verdict) => ({
      path: "/actions/decide_many",
      form: { update: `${namespace}/${update}`, verdict, comment: "tested" },
      action: verdict,
    })),
  "/updates/:namespace/:name/retry": ({ namespace, finished }) => [
    { path: `/updates/${namespace}/${finished}/retry`, form: {}, action: "retry" },
  ],
  "/workloads/:kind/:namespace/:name/hold": (place) => [onWorkload(place, "hold", { reason: "freeze" })],
  "/workloads/:kind/:namespace/:name/resume": (place) => [onWorkload(place, "resume")],
  "/workloads/:kind/:namespace/:name/rollback": (place) => [onWorkload(place, "rollback", { reason: "slow" })],
  "/workloads/:kind/:namespace/:name/check": (place) => [onWorkload(place, "check")],
};

function onWorkload(
  { namespace, workload }: Place,
  action: "hold" | "resume" | "rollback" | "check",
  more: Record<string, string> = {},
): ChangingRoute {
  const form = action === "check" ? {} : { container: "app", ...more };
  return { path: `/workloads/Deployment/${namespace}/${workload}/${action}`, form, action };
}

/** The paths of all routes that take a form, in the mode that has most of them. */
export async function changingPaths(): Promise<string[]> {
  const { app, stop } = await createApp(dashboardContext({ env: { HEADWIND_UI_AUTH_MODE: "token" } }));
  stop();
  const methods = new Set(app.routes.map(({ method }) => method));
  const known = ["GET", "HEAD", "POST", "ALL"];
  for (const method of methods) if (!known.includes(method)) throw new Error(`a route takes ${method}`);
  return [...new Set(app.routes.filter(({ method }) => method === "POST").map(({ path }) => path))];
}
