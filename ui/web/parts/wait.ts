import { type Html, html } from "../html.ts";
import { sentence } from "./sentence.ts";
import { time } from "./time.ts";
import type { Wait } from "../../../core/web.ts";

const WORDS: Record<NonNullable<Wait["until"]>["what"], string> = {
  "goes on": "goes on",
  "is verified": "is verified",
  "is taken back": "is rolled back",
  "fails": "fails",
};
const UNLESS: Record<NonNullable<Wait["until"]>["what"], string> = {
  "goes on": "",
  "is verified": " if it stays healthy",
  "is taken back": " unless it becomes healthy",
  "fails": " unless it becomes healthy",
};

/** Why something goes no further now, and when that ends. */
export const wait = (waits: Wait): Html =>
  html`<span class="wait">${sentence(waits.sentence)} ${waitEnd(waits)}</span>`;

/** What time alone brings, and when: `goes on in 3 min`; nothing where it is not time that it waits for. */
export function waitEnd({ until, expiresAt }: Wait): Html | "" {
  const then = until && html`<span class="until">${WORDS[until.what]} ${time(until.at)}${UNLESS[until.what]}</span>`;
  const end = expiresAt !== undefined && html`<span class="until">expires ${time(expiresAt)}</span>`;
  return then && end ? html`${then} ${end}` : then || end || "";
}
