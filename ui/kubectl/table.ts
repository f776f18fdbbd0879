import type { Colour, Paint } from "./paint.ts";
import { visible } from "./visible.ts";

export type Cell = string | { text: string; colour: Colour | undefined };

const gap = "   ";

/** Columns as wide as their longest cell, under a head. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => visible(typeof cell === "string" ? cell : cell.text)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => lengthOf(row[column] ?? ""))));
  return cells.map((row, index) => {
    const last = row.findLastIndex((text) => text !== "");
    return row.slice(0, last + 1).map((text, column) => {
      const cell = index === 0 ? undefined : rows[index - 1]![column];
      const colour = index === 0 ? "bold" : typeof cell === "object" ? cell.colour : undefined;
      const padding = column === last ? "" : " ".repeat(widths[column]! - lengthOf(text));
      return paint(text, colour) + padding;
    }).join(gap);
  }).join("\n");
}

const lengthOf = (text: string): number => [...text].length;
