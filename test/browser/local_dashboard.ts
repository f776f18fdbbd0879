import createDashboard from "../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "../support/build/dashboard_context.ts";
import { serve } from "../../core/runtime/serve.ts";
import { launch, type Visit, visit, type Visitor } from "./visitor.ts";

/** The dashboard of what is given, in this process and without a cluster, for what pages do by themselves. */
export async function openLocalDashboard(changes: DashboardContextChanges = {}) {
  const context = dashboardContext({ open: true, now: new Date().toISOString(), ...changes });
  const [dashboard, browser] = await Promise.all([createDashboard(context), launch()]);
  const server = await serve({ hostname: "127.0.0.1", port: 0, graceMs: 0, fetch: dashboard.fetch });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    context,
    visit: (options: Partial<Visit> = {}): Promise<Visitor> => visit(browser, { url, ...options }),
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}
