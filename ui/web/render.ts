import type { DashboardContext } from "../../core/web.ts";
import { readQuery } from "./read_query.ts";
import type { Page, PageCall, Region } from "./page.ts";
import type { Person } from "./identity/person.ts";

/** How long a page may take to be read. */
const DEADLINE_MS = 10_000;

/** A page that was read: the whole of what it shows. */
export interface Rendered {
  title: string;
  regions: Region[];
}

export interface Rendering {
  context: DashboardContext;
  person: Person;
  params: Readonly<Record<string, string>>;
  /** With its query. */
  url: URL;
  signal: AbortSignal;
}

/**
 * Reads what a page shows now and renders it: for a call to it, and for the live stream.
 *
 * @throws {BadRequest} for what its address says wrong, or names and is not there
 */
export async function renderPage(page: Page, { context, person, params, url, signal }: Rendering): Promise<Rendered> {
  context.requireListed();
  const call: PageCall = {
    context,
    person,
    params,
    url,
    query: readQuery(page.query, url.searchParams),
    now: context.now(),
    signal: AbortSignal.any([signal, context.signal, AbortSignal.timeout(DEADLINE_MS)]),
  };
  const data = await page.read(call);
  return { title: page.title(data), regions: page.regions(data, call) };
}
