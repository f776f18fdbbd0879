import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

/** A command to copy, or several, a line each. `id` is the page's own name for it. */
export function command(id: string, text: string): Html {
  const lines = text.split("\n").map((line, at) => html`${at > 0 ? "\n" : ""}<span>${line}</span>`);
  return html`
    <div class="command">
      <pre tabindex="0" role="group" aria-label="Command"><code id="${id}">${lines}</code></pre>
      <button type="button" class="copy" data-copy="${id}">${icon("copy")}<span>Copy</span></button>
    </div>
  `;
}
