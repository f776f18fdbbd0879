import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

const KEYS = [
  [["/"], "Search"],
  [["j"], "Next line"],
  [["k"], "Previous line"],
  [["x"], "Tick the line, or untick it"],
  [["a"], "Go to Approve, of the line or of the page; Enter presses it"],
  [["r"], "Go to Reject"],
  [["?"], "This sheet"],
] as const;

/** What the keys do: opened by `?`, outside of all that is swapped. */
export function keySheet(pages: readonly { label: string; key: string }[]): Html {
  const chords = pages.map(({ label, key }) => [["g", key], label] as const);
  return html`
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keyboard</h2>
      <dl>${[...KEYS, ...chords].map(([keys, what]) =>
        html`
          <dt>${keys.map((key) =>
            html`
              <kbd>${key}</kbd>
            `
          )}</dt>
          <dd>${what}</dd>
        `
      )}</dl>
      <p><label><input type="checkbox" id="keys-on" checked> Single keys work; this browser remembers it</label></p>
      <form method="dialog"><button class="primary">${icon("x")}Close</button></form>
    </dialog>
  `;
}
