import { html } from "../html.ts";
import { pageTitle } from "../layout.ts";
import type { Picture } from "./picture.ts";

const encoder = new TextEncoder();

/**
 * One event of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation). All three
 * ends of lines that the format knows are kept within the data: what a stranger wrote begins no field of its own.
 */
export function event({ name, id, data }: { name?: string; id?: string; data: string }): Uint8Array {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("");
  return encoder.encode(
    `${name === undefined ? "" : `event: ${name}\n`}${id === undefined ? "" : `id: ${id}\n`}${lines}\n`,
  );
}

/** What brings a page to a picture: htmx puts each section into its place, and the title. */
export function pictureMessage(id: string, { title, sections }: Partial<Picture>): Uint8Array {
  const parts = [...sections ?? []].map(([id, section]) =>
    `<hx-partial hx-target="#${id}" hx-swap="outerMorph">${section}</hx-partial>`
  );
  if (title !== undefined) parts.push(String(html`<title>${pageTitle(title)}</title>`));
  return event({ id, data: parts.join("\n") });
}

/**
 * Named, so that htmx puts it nowhere: pages watch that it comes as often as it says.
 *
 * @param id Of the picture that the page shows already, which it says when it comes back.
 */
export const pingMessage = (everyMs: number, id?: string): Uint8Array =>
  event({ name: "ping", data: String(everyMs), ...(id === undefined ? {} : { id }) });

/** That the page is not moved any more for now, and why; nothing where it is again. */
export const staleMessage = (why: string): Uint8Array => event({ name: "stale", data: why });
