import type { Browser } from "playwright-core";
import createDashboard from "../../ui/web/app.ts";
import { dashboardContext, type DashboardContextChanges } from "../support/build/dashboard_context.ts";
import { launch, type Visit, visit, type Visitor } from "./visitor.ts";
import { serve } from "../../core/runtime/serve.ts";

/** A dashboard of what a test gives it, without a cluster, and browsers that come by. */
export interface Served {
  context: ReturnType<typeof dashboardContext>;
  url: string;
  visitor(options?: Partial<Visit>): Promise<Visitor>;
  /** Throws where a visitor met a problem. */
  stop(): Promise<void>;
}

export async function serveDashboard(changes: DashboardContextChanges): Promise<Served> {
  const context = dashboardContext(changes);
  const dashboard = await createDashboard(context);
  const server = await serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, from) => dashboard.fetch(request, from),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const visitors: Visitor[] = [];
  let browser: Browser | undefined;
  return {
    context,
    url,
    async visitor(options) {
      browser ??= await launch();
      const visitor = await visit(browser, { url, ...options });
      visitors.push(visitor);
      return visitor;
    },
    async stop() {
      await browser?.close();
      await server.stop();
      const problems = visitors.flatMap((visitor) => visitor.problems);
      if (problems.length > 0) throw new Error(problems.join("\n"));
    },
  };
}
