import { e2e } from "../e2e/suite.ts";
import { type Dashboard, type DashboardOptions, openDashboard } from "./dashboard.ts";

/** A file of tests of one dashboard. No test passes where a visitor met a problem, and one that fails tells of those too. */
export function browserSuite(name: string, options: DashboardOptions) {
  const s = e2e(name);
  let dashboard: Dashboard;
  s.before(async () => void (dashboard = await openDashboard(options)));
  s.after(() => dashboard?.stop());
  return {
    test(title: string, body: (dashboard: Dashboard) => Promise<void>): void {
      s(title, async () => {
        const failed: Error[] = [];
        await body(dashboard).catch((error) => failed.push(error));
        try {
          dashboard.requireQuiet();
        } catch (error) {
          failed.push(error as Error);
        }
        await dashboard.leave();
        if (failed.length === 2) console.error(failed[1]!.message);
        if (failed.length > 0) throw failed[0];
      });
    },
    after: (end: () => Promise<void>) => void s.after(end),
    run: () => s.run(),
  };
}
