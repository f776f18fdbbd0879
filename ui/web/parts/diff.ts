import type { DiffLine, TemplateDiff } from "../../../core/web.ts";
import { type Html, html } from "../html.ts";

const SIGNS: Record<DiffLine["kind"], string> = { same: " ", removed: "-", added: "+" };
const WORDS: Partial<Record<DiffLine["kind"], string>> = { removed: "removed: ", added: "added: " };

/** What an update writes into its workload, as a diff. */
export function diff({ object: { kind, namespace, name }, lines, notes }: TemplateDiff): Html {
  const rows = lines.map(({ kind, text }) => {
    const word = WORDS[kind];
    return html`<span class="line ${kind}"><span aria-hidden="true">${SIGNS[kind]} </span>${
      word ? html`<span class="unseen">${word}</span>` : ""
    }${text}
</span>`;
  });
  return html`
    <figure class="diff">
      <figcaption>${kind} ${namespace}/${name}: what changes, and where it stands</figcaption>
      <pre tabindex="0" role="region" aria-label="Diff"><code>${rows}</code></pre>
    </figure>
    ${notes.map((note) => html`<p class="hint">${note}</p>`)}
    <p class="hint">Headwind writes its history and the time beside it, into annotations of its own.</p>
  `;
}
