import { counted } from "../pictures/numbers.ts";
import { type Html, html } from "../html.ts";
import { icon, type IconName } from "./icon.ts";

const icons = {
  good: "check-circle-fill",
  warn: "info",
  bad: "alert-fill",
  quiet: "info",
} as const satisfies Record<string, IconName>;

/** A line that says what came of something, or what to know of a page. */
export function notice(tone: keyof typeof icons, text: Html | string): Html {
  return html`<div class="notice ${tone}">${icon(icons[tone])}<div>${text}</div></div>`;
}

/** What a page cannot show, such as "Ten finished updates are kept for each workload". */
export const limits = (text: Html | string): Html => html`<p class="limits">${text}</p>`;

/** How many finished updates there are to see, as a limit of a page. */
export const keptFinished = (kept: number): string =>
  `The newest ${counted(kept, "finished update")} of each workload ${kept === 1 ? "is" : "are"} kept`;
