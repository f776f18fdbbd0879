import { icon } from "../parts/icon.ts";
import { type Html, html } from "../html.ts";
import { type Sign, SIGNS } from "../parts/looks.ts";
import { clock, clockText } from "../parts/time.ts";
import { counted } from "./numbers.ts";
import { ABOVE, type Plot, TALL } from "./plot.ts";

/** What happened at a moment. */
export interface Mark {
  /** Milliseconds. */
  at: number;
  kind: MarkKind;
  label: string;
  href?: string | undefined;
}

/** By its worst: of marks in one place the last of this order is drawn. */
const looks = {
  applied: { icon: "rocket", tone: "active" },
  check: { icon: "shield-check", tone: "active" },
  update: { icon: "arrow-up", tone: "active" },
  verified: SIGNS.good,
  failed: SIGNS.bad,
  rollback: SIGNS.back,
} as const satisfies Record<string, Sign>;

export type MarkKind = keyof typeof looks;

const order = Object.keys(looks) as MarkKind[];

/** Marks closer than this, in per cent of the width, are drawn as one: on a phone they would cover each other. */
const NEAR = 4;
/** Pixels of a mark's sign. */
const SIZE = 16;
/** As many are listed below a picture. */
const LISTED = 50;

export const byTime = (marks: readonly Mark[]): Mark[] =>
  marks.filter(({ at }) => Number.isFinite(at)).toSorted((one, other) => one.at - other.at);

/** Marks within the plot, those in one place together. */
function placed(marks: readonly Mark[], plot: Plot): { percent: number; marks: Mark[] }[] {
  const groups: { percent: number; marks: Mark[] }[] = [];
  for (const mark of byTime(marks)) {
    if (mark.at < plot.from || mark.at > plot.to) continue;
    const percent = plot.percent(mark.at);
    const last = groups.at(-1);
    if (last && percent - last.percent < NEAR) last.marks.push(mark);
    else groups.push({ percent, marks: [mark] });
  }
  return groups;
}

/** The marks above the plot, each with a line down to its foot. For the pointer: a list below says the same to everybody. */
export function drawMarks(marks: readonly Mark[], plot: Plot): Html {
  const drawn = placed(marks, plot).map(({ percent, marks }) => {
    const kind = order.findLast((kind) => marks.some((mark) => mark.kind === kind)) ?? "update";
    const { icon: name, tone } = looks[kind];
    const texts = marks.slice(0, 5).map(({ at, label }) => `${clockText(at)} ${label}`);
    if (marks.length > 5) texts.push(`and ${marks.length - 5} more`);
    const shape = html`
      <line x1="${percent}%" x2="${percent}%" y1="${ABOVE - 8}" y2="${ABOVE + TALL}" />
    `;
    const left = leftOf(percent);
    const several = marks.length === 1 ? "" : countBeside(marks.length, left);
    const sign = html`
      <svg x="${percent}%" y="2" width="1" height="1" overflow="visible">
        <title>${texts.join("\n")}</title>
        <rect x="${left - 4}" y="-2" width="24" height="24" fill="none" pointer-events="all" />
        <use href="#i-${name}" x="${left}" y="0" width="${SIZE}" height="${SIZE}" />${several}
      </svg>
    `;
    const href = marks.length === 1 ? marks[0]?.href : undefined;
    const linked = href === undefined ? sign : html`<a href="${href}" tabindex="-1">${sign}</a>`;
    return html`<g class="mark ${tone}">${shape}${linked}</g>`;
  });
  return html`${drawn}`;
}

/** Where its sign begins, in pixels from the mark: astride of it, but not beyond an edge of the plot. */
const leftOf = (percent: number): number => percent < NEAR / 2 ? 0 : percent > 100 - NEAR / 2 ? -SIZE : -SIZE / 2;

/** How many marks one sign stands for, on the side of it where there is room. */
const countBeside = (count: number, left: number): Html =>
  left === -SIZE
    ? html`<text x="${left - 2}" y="12" text-anchor="end">${count}</text>`
    : html`<text x="${left + SIZE + 2}" y="12">${count}</text>`;

/** More than this are folded, below their number. */
const OPEN = 4;

/** The marks in words, in the order of time; of more than fifty the last ones. */
export function listMarks(id: string, marks: readonly Mark[]): Html {
  const sorted = byTime(marks);
  if (sorted.length === 0) return html``;
  const shown = sorted.slice(-LISTED).map((mark) => {
    const { icon: name, tone } = looks[mark.kind];
    const label = mark.href === undefined ? mark.label : html`<a href="${mark.href}">${mark.label}</a>`;
    return html`<li class="${tone}">${icon(name)}<span>${clock(mark.at)} ${label}</span></li>`;
  });
  const left = sorted.length - shown.length;
  const earlier = left > 0 ? html`<li class="quiet">${left} earlier ones are not listed</li>` : "";
  const list = html`<ol class="mark-list" id="${id}-marks">${earlier}${shown}</ol>`;
  if (sorted.length <= OPEN) return list;
  return html`<details class="happened" id="${id}-happened"><summary>${
    countedMarks(sorted)
  }</summary>${list}</details>`;
}

/** `12 updates, 1 rollback`. */
export function countedMarks(marks: readonly Mark[]): string {
  const rollbacks = marks.filter(({ kind }) => kind === "rollback").length;
  const updates = marks.filter(({ kind }) => kind === "update").length;
  const others = marks.length - rollbacks - updates;
  const told = [
    updates > 0 || others === 0 ? counted(updates, "update") : "",
    others > 0 ? counted(others, "step") : "",
    rollbacks > 0 || others === 0 ? counted(rollbacks, "rollback") : "",
  ];
  return told.filter((text) => text !== "").join(", ");
}
