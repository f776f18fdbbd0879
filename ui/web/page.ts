import type { Html } from "./html.ts";
import * as z from "zod";
import type { DashboardContext } from "../../core/web.ts";
import type { Person } from "./identity/person.ts";

/** What a page is called with. */
export interface PageCall<Q = Record<string, unknown>> {
  context: DashboardContext;
  person: Person;
  /** What the path names, decoded. */
  params: Readonly<Record<string, string>>;
  query: Q;
  url: URL;
  now: Date;
  /** Aborted when nobody waits for the answer any more, or when it takes too long. */
  signal: AbortSignal;
}

/** A part of a page that is sent anew by itself when it is another than it was. */
export interface Region {
  /** Of its `<section>`: a stable name of the page's own. */
  id: string;
  html: Html;
  /** Whether the live stream sends it; forms in which people type are not sent. */
  live: boolean;
}

export const region = (id: string, html: Html, { live = true }: { live?: boolean } = {}): Region => ({
  id,
  html,
  live,
});

/** A page: its route, what it reads, and a pure function from that to html. */
export interface Page<Q extends z.ZodObject = z.ZodObject, D = unknown> {
  /** As hono writes it: `/updates/:namespace/:name`. */
  path: string;
  /** What its address may say after `?`; what is wrong there is answered 400, naming the field. */
  query: Q;
  /**
   * Whether it moves by itself.
   *
   * @default true
   */
  live?: boolean;
  /** @throws {BadRequest} such as 404 for what is not there */
  read(call: PageCall<z.infer<Q>>): Promise<D> | D;
  title(data: D): string;
  /** Pure, and without anything of who looks but what `read` found that they may. */
  regions(data: D, call: PageCall<z.infer<Q>>): Region[];
}

/**
 * One page.
 *
 * @example
 * export default page({
 *   path: "/registries",
 *   query: NO_QUERY,
 *   read: ({ context }) => context.registries(),
 *   title: () => "Registries",
 *   regions: (registries) => [region("registries", table(registries))],
 * })
 */
export const page = <Q extends z.ZodObject, D>(definition: Page<Q, D>): Page => definition as unknown as Page;

/** Of a page whose address says nothing more. */
export const NO_QUERY: z.ZodObject<Record<never, never>> = z.object({});
