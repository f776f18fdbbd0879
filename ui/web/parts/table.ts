import { type Html, html } from "../html.ts";
import { counted } from "../pictures/numbers.ts";
import { icon } from "./icon.ts";

export interface Column {
  /** Above the column, and before the value on a phone, where a row is a small block. */
  name: string;
  /** `hidden`: the name is for screen readers, since the values say what they are. */
  look?: "number" | "narrow" | "hidden";
  /** By which the stylesheet knows its cells, beside the look. */
  class?: string;
  /** Where the table is sorted by it, and how it is sorted now. */
  sort?: { href: string; direction?: "ascending" | "descending" | undefined };
}

export interface Row {
  /** Stable: the row is found by it in the next picture. */
  id: string;
  cells: (Html | string)[];
  /** A tone, or `done` for what cannot be pressed any more. */
  look?: string;
}

export interface Table {
  id: string;
  /** What it lists, for who does not see what stands around it. */
  caption: string;
  /** By which the stylesheet knows it: tables of one class have one grid. */
  class?: string;
  columns: readonly Column[];
  rows: readonly Row[];
  /** The cell that names the row. Default: the first. */
  head?: number;
}

/** Characters of all lines together: what goes beyond is too much for a browser, and for those that wait for the same page. */
const LONGEST = 2 << 20;

/** A table; on a phone each row is a block whose values have the names of their columns, which it stays for a screen reader too. */
export function table({ id, caption, class: own, columns, rows, head = 0 }: Table): Html {
  let length = 0;
  const lineOf = (row: Row) => {
    const cells = row.cells.map((given, index) => {
      // in one piece, as it stands beside the name of its column on a phone
      const cell = typeof given === "string" ? given : html`<div>${given}</div>`;
      const column = columns[index]!;
      const label = column.look === "hidden" ? "" : html`data-label="${column.name}"`;
      const classes = classesOf(column);
      return index === head
        ? html`
          <th scope="row" role="rowheader" class="${classes}" ${label}>${cell}</th>
        `
        : html`
          <td role="cell" class="${classes}" ${label}>${cell}</td>
        `;
    });
    return html`<tr id="${row.id}" role="row" data-row class="${row.look ?? ""}">${cells}</tr>`;
  };
  const body: Html[] = [];
  for (const row of rows) {
    const line = lineOf(row);
    length += String(line).length;
    if (length > LONGEST) break;
    body.push(line);
  }
  const left = rows.length - body.length;
  return html`
    <table id="${id}" class="${own === undefined ? "list" : `list ${own}`}" role="table">
      <caption class="unseen">${caption}</caption>
      <thead role="rowgroup">
        <tr role="row">${columns.map(heading)}</tr>
      </thead>
      <tbody role="rowgroup">${body}</tbody>
    </table>
    ${left > 0 ? html`<p class="more">${counted(left, "more line")} would be too much for a page</p>` : ""}
  `;
}

const classesOf = ({ look, class: own }: Column): string => [look, own].filter((name) => name !== undefined).join(" ");

function heading(column: Column): Html {
  const { name, look, sort } = column;
  const direction = sort?.direction;
  const sorted = direction ? html`aria-sort="${direction}"` : "";
  const arrow = direction ? icon(direction === "ascending" ? "arrow-up" : "arrow-down") : "";
  const text = look === "hidden" ? html`<span class="unseen">${name}</span>` : name;
  const content = sort ? html`<a href="${sort.href}">${text}${arrow}</a>` : text;
  return html`
    <th scope="col" role="columnheader" class="${classesOf(column)}" ${sorted}>${content}</th>
  `;
}
