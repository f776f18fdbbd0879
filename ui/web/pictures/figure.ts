import { type Html, html } from "../html.ts";

/** One line of a picture's numbers: its place in time, from 0 to 100, its time, and what is said of each column. */
export interface Row {
  percent: number;
  at: Html;
  cells: (string | Html)[];
}

/** A sample of how something is drawn, and its name. `classes` are those of what is drawn. */
export interface Key {
  name: string;
  classes: string;
  isLine?: boolean;
}

/** What stands around every picture: title, legend, the place where a point is read out, and its numbers as a table. */
export interface FigureParts {
  id: string;
  title: string;
  /** Beside the title: the unit, what is left out. */
  note?: string;
  keys: Key[];
  picture: Html;
  marks: Html;
  columns: string[];
  rows: Row[];
}

export function figure({ id, title, note, keys, picture, marks, columns, rows }: FigureParts): Html {
  const beside = note ? [" ", html`<span class="note">${note}</span>`] : "";
  const reading = html`<output class="reading" id="${id}-reading" hx-morph-skip></output>`;
  return html`
    <figure class="picture" id="${id}">
      <figcaption><span class="name">${title}</span>${beside} ${legend(keys)}</figcaption>
      ${picture} ${reading} ${marks} ${numbers(id, title, columns, rows)}
    </figure>
  `;
}

/** A figure of which there is nothing to draw. */
export function emptyFigure(id: string, title: string, why: string): Html {
  return html`
    <figure class="picture" id="${id}">
      <figcaption><span class="name">${title}</span></figcaption>
      <p class="empty">${why}</p>
    </figure>
  `;
}

function legend(keys: Key[]): Html {
  const items = keys.map(({ name, classes, isLine }) => {
    const sample = isLine
      ? html`
        <path class="${classes}" d="M0 6H18" />
      `
      : html`
        <rect class="${classes}" width="12" height="12" x="3" />
      `;
    return html`<li><svg width="18" height="12" aria-hidden="true">${sample}</svg>${name}</li>`;
  });
  return html`<ul class="legend">${items}</ul>`;
}

function numbers(id: string, title: string, columns: string[], rows: Row[]): Html {
  const body = rows.map(({ percent, at, cells }) =>
    html`<tr data-x="${percent}"><th scope="row">${at}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`
  );
  const heads = ["Time", ...columns].map((name) => html`<th scope="col">${name}</th>`);
  return html`
    <details class="numbers" id="${id}-numbers">
      <summary>Numbers</summary>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="${id}-caption">
        <table>
          <caption id="${id}-caption">${title}</caption>
          <thead>
            <tr>${heads}</tr>
          </thead>
          <tbody>${body}</tbody>
        </table>
      </div>
    </details>
  `;
}
