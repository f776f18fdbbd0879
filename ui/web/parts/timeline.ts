import { type Html, html } from "../html.ts";
import { sentence } from "./sentence.ts";
import { type Look, lookOfPhase, SIGNS } from "./looks.ts";
import { status } from "./status.ts";
import { time } from "./time.ts";
import type { TimelineEntry } from "../../../core/web.ts";

const SAID: Readonly<Record<string, Look>> = {
  approved: { word: "Approved", ...SIGNS.yes },
  rejected: { word: "Rejected", ...SIGNS.refused },
  seen: { word: "Seen", icon: "package", tone: "quiet" },
  "made by hand": { word: "Made by hand", icon: "person", tone: "quiet" },
};

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
  const look = phase ? lookOfPhase(phase) : SAID[what] ?? lookOfPhase(what);
  return html`
    <li>
      <span class="when">${at ? time(at) : "not recorded yet"}</span>
      <div class="what">
        ${status(look)}
        <div class="told">
          ${who === "" ? "" : html`<span class="who">${who}${message ? ":" : ""}</span>`}
          ${message ? html`<span class="said">${isHeadwind(actor) ? sentence(message) : message}</span>` : ""}
          ${reason && reason !== what ? html`<code class="reason">${reason}</code>` : ""}
        </div>
      </div>
    </li>
  `;
}

/** Of what Headwind does it is not said each time. */
const isHeadwind = (actor: string) => actor === "Headwind";
