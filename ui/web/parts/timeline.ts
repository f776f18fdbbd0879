import { type Html, html } from "../html.ts";
import { sentence } from "./sentence.ts";
import { lookOf, status } from "./status.ts";
import { time } from "./time.ts";
import type { TimelineEntry } from "../../../core/web.ts";

const SAID = {
  approved: { word: "Approved", icon: "check", tone: "good" },
  rejected: { word: "Rejected", icon: "circle-slash", tone: "quiet" },
  seen: { word: "Seen", icon: "package", tone: "quiet" },
  "made by hand": { word: "Made by hand", icon: "person", tone: "quiet" },
} as const;

/** What happened, with who did it, by which way, why and when; the first first. */
export function timeline(entries: readonly TimelineEntry[]): Html {
  return html`<ol class="timeline">${entries.map(entry)}</ol>`;
}

function entry({ at, what, phase, actor, way, reason, message }: TimelineEntry): Html {
  const who = [
    isHeadwind(actor) ? "" : `by ${actor}`,
    way === undefined ? "" : isHeadwind(actor) ? `by ${way}` : `(${way})`,
  ]
    .filter((text) => text !== "").join(" ");
  const look = phase ? lookOf(phase) : SAID[what as keyof typeof SAID] ?? lookOf(what);
  return html`
    <li>
      <span class="when">${at ? time(at) : "not recorded yet"}</span>
      <div class="what">
        ${status(look)}
        ${who === "" ? "" : html`<span class="who">${who}${message ? ":" : ""}</span>`}
        ${message ? html`<span class="said">${isHeadwind(actor) ? sentence(message) : message}</span>` : ""}
        ${reason && reason !== what ? html`<code class="reason">${reason}</code>` : ""}
      </div>
    </li>
  `;
}

/** Of what Headwind does it is not said each time. */
const isHeadwind = (actor: string) => actor === "Headwind";
