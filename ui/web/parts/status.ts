import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";
import { type Look, lookOfPhase } from "./looks.ts";

/** A state by word, shape and colour. */
export function status({ word, icon: name, tone }: Look): Html {
  return html`<span class="status ${tone}">${icon(name)}${word}</span>`;
}

/** The phase of an UpdateRequest by word, shape and colour. */
export const phaseStatus = (phase: string): Html => status(lookOfPhase(phase));
