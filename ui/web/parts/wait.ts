import { type Html, html } from "../html.ts";
import { time } from "./time.ts";
import type { Wait } from "../../../core/ui.ts";

/** Why something goes no further now, and when that ends. */
export function wait({ sentence, until, expiresAt }: Wait): Html {
  return html`
    <span class="wait">${sentence}${until ? html`; ${until.what} ${time(until.at)}` : ""}${expiresAt
      ? html`; expires ${time(expiresAt)}`
      : ""}</span>
  `;
}
