import type { Column, Row } from "./table.ts";
import { type Html, html } from "../html.ts";
import { imageChange } from "./image.ts";
import { sentence } from "./sentence.ts";
import { phaseStatus } from "./status.ts";
import { time } from "./time.ts";
import { beyondDecision, brief, decisionText, type UpdateRow, type Wait } from "../../../core/web.ts";
import { updatePath } from "../paths.ts";
import { waitEnd } from "./wait.ts";

/** A line of a list of updates. */
export interface UpdateLine {
  row: UpdateRow;
  wait?: Wait | undefined;
  mayDecide?: boolean;
}

/** A column of such a list, and what stands in it. */
export interface UpdateColumn extends Column {
  cell(line: UpdateLine): Html | string;
}

/** What a screen reader calls a line. */
const rowName = ({ namespace, target, from, to }: UpdateRow): string => `${target} in ${namespace}, ${from} to ${to}`;

/** Stable in a list: a namespace has no dot, so no two are alike. */
export const rowId = ({ namespace, name }: UpdateRow, list: string): string => `${list}-${namespace}.${name}`;

/** Ticks a line for the form of `decideMany`; empty where there is nothing to decide. */
export const tick: UpdateColumn = {
  name: "Choose",
  look: "hidden",
  class: "tick",
  cell: ({ row, mayDecide }) =>
    mayDecide
      ? html`
        <input type="checkbox" form="decide" name="update" value="${row.key}" id="${rowId(row, "tick")}"
          aria-label="${rowName(row)}">
      `
      : "",
};

export const workload: UpdateColumn = {
  name: "Workload",
  cell: ({ row }) =>
    html`<a href="${updatePath(row)}">${row.target}</a> <span class="containers">${brief(row.containers)}</span>`,
};

export const namespace: UpdateColumn = { name: "Namespace", class: "namespace", cell: ({ row }) => row.namespace };

/** Characters of a change that stays on one line where there is room. */
const SHORT = 28;

export const change: UpdateColumn = {
  name: "Change",
  class: "change",
  cell({ row: { from, to } }) {
    const text = imageChange(from, to);
    return from.length + to.length <= SHORT ? html`<span class="short">${text}</span>` : text;
  },
};

export const step: UpdateColumn = { name: "Step", class: "step", cell: ({ row }) => row.step };

export const policy: UpdateColumn = { name: "Policy", class: "policy", cell: ({ row }) => row.policy };

/** Where it stands, why, until when, and who decided it. */
export const state: UpdateColumn = {
  name: "State",
  class: "state",
  cell({ row: { phase, why, hand, decided }, wait }) {
    const by = hand === undefined ? "" : html`<span class="hand">${brief(hand)}</span>`;
    const text = wait?.for === "approval" ? "waits for approval" : beyondDecision(wait?.sentence ?? why, decided);
    const said = text === "" ? "" : html`<span class="why">${sentence(brief(text))}</span>`;
    const decision = decided ? html`<span class="decided">${decisionOf(decided)}</span>` : "";
    return html`${phaseStatus(phase)} <span class="told">${said} ${wait ? waitEnd(wait) : ""} ${by} ${decision}</span>`;
  },
};

/** Who decided, and why. */
const decisionOf = (decided: NonNullable<UpdateRow["decided"]>): string =>
  brief(`${decisionText(decided)}${decided.reason === undefined ? "" : `: ${decided.reason}`}`);

export const seen: UpdateColumn = { name: "Seen", class: "at", cell: ({ row }) => time(row.seenAt) };

/** When it came to where it stands. */
export const since: UpdateColumn = {
  name: "When",
  class: "at",
  cell: ({ row }) => row.since === undefined ? "" : time(row.since),
};

/** The line in a list of these columns. */
export const rowOf = (line: UpdateLine, list: string, columns: readonly UpdateColumn[]): Row => ({
  id: rowId(line.row, list),
  look: line.row.stage,
  cells: columns.map(({ cell }) => cell(line)),
});
