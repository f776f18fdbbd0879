import { type Html, html } from "../html.ts";
import { command } from "./command.ts";

export interface EmptyState {
  /** That there is nothing, and of what. */
  title: string;
  /** Why, and what comes next. */
  text?: Html | string;
  /** The next step. */
  command?: { id: string; text: string };
}

/** What stands where there is nothing yet: that, why, and the next step. */
export function emptyState({ title, text, command: next }: EmptyState): Html {
  return html`
    <div class="empty-state">
      <p class="lead">${title}</p>
      ${text === undefined ? "" : html`<p>${text}</p>`} ${next ? command(next.id, next.text) : ""}
    </div>
  `;
}
