import type { Page } from "./page.ts";
import overview from "./pages/overview.ts";

/** All pages. */
export const pages: readonly Page[] = [overview];
