import { type Html, html } from "../html.ts";
import { icon, type IconName } from "./icon.ts";

/** What a colour says: it went well, it wants a look, it went wrong, it is under way, it waits, it is over. */
export type Tone = "good" | "warn" | "bad" | "active" | "waiting" | "quiet";

/** How a state looks: a word, a shape and a colour that say the same. */
export interface Look {
  word: string;
  icon: IconName;
  tone: Tone;
}

/** By the phase of an UpdateRequest. */
const looks: Readonly<Record<string, Look>> = {
  Pending: { word: "Pending", icon: "clock", tone: "waiting" },
  Approved: { word: "Approved", icon: "check", tone: "waiting" },
  Verifying: { word: "Verifying", icon: "pulse", tone: "active" },
  Completed: { word: "Completed", icon: "check-circle-fill", tone: "good" },
  Rejected: { word: "Rejected", icon: "circle-slash", tone: "quiet" },
  Failed: { word: "Failed", icon: "alert-fill", tone: "bad" },
  RolledBack: { word: "Rolled back", icon: "undo", tone: "warn" },
  Superseded: { word: "Superseded", icon: "skip", tone: "quiet" },
  Held: { word: "Held", icon: "lock", tone: "warn" },
  Expired: { word: "Expired", icon: "hourglass", tone: "quiet" },
};

/** How a phase looks; one that only a later Headwind knows has its own word. */
export const lookOf = (phase: string): Look =>
  Object.hasOwn(looks, phase) ? looks[phase]! : { word: phase, icon: "dot-fill", tone: "quiet" };

/** A state by word, shape and colour. */
export function status({ word, icon: name, tone }: Look): Html {
  return html`<span class="status ${tone}">${icon(name)}${word}</span>`;
}

/** The phase of an UpdateRequest by word, shape and colour. */
export const phaseStatus = (phase: string): Html => status(lookOf(phase));
