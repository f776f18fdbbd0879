import type { Page } from "./page.ts";
import observability from "./pages/observability.ts";
import overview from "./pages/overview.ts";
import registries from "./pages/registries.ts";
import rights from "./pages/rights.ts";
import settings from "./pages/settings.ts";
import update from "./pages/update.ts";
import updates from "./pages/updates.ts";
import workload from "./pages/workload.ts";
import workloads from "./pages/workloads.ts";

/** All pages. */
export const pages: readonly Page[] = [
  overview,
  registries,
  rights,
  settings,
  update,
  updates,
  workloads,
  workload,
  observability,
];
