import type { DashboardContext } from "../../core/web.ts";
import { DEADLINE_MS, inTime } from "./in_time.ts";
import { readQuery } from "./read_query.ts";
import type { Page, PageCall, Region } from "./page.ts";
import type { Person } from "./identity/person.ts";

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
  /**
   * How long it may take to be read.
   *
   * @default 10,000
   */
  deadlineMs?: number;
}

/**
 * Reads what a page shows now and renders it: for a call to it, and for the live stream.
 *
 * @throws {BadRequest} for what its address says wrong, or names and is not there; {Unavailable} where it takes too long
 */
export async function renderPage(page: Page, rendering: Rendering): Promise<Rendered> {
  const { context, person, params, url, signal, deadlineMs = DEADLINE_MS } = rendering;
  context.requireListed();
  const call: PageCall = {
    context,
    person,
    params,
    url,
    query: readQuery(page.query, url.searchParams),
    now: context.now(),
    signal: AbortSignal.any([signal, context.signal, AbortSignal.timeout(deadlineMs)]),
  };
  const data = await inTime(page.read(call), deadlineMs);
  return { title: page.title(data), regions: page.regions(data, call) };
}
