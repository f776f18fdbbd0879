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

/** SGR parameters. */
const colours = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof colours;

/** Text in a colour, or as it is. */
export type Paint = (text: string, colour: Colour | undefined) => string;

export const plain: Paint = (text) => text;
export const coloured: Paint = (text, colour) => colour ? `\x1b[${colours[colour]}m${text}\x1b[0m` : text;

/** Colours only on a terminal that knows them, and where nobody has asked for none (https://no-color.org). */
export function paintFor(isTerminal: boolean, env: Record<string, string | undefined>, noColor: boolean): Paint {
  return isTerminal && !noColor && !env.NO_COLOR && env.TERM !== "dumb" ? coloured : plain;
}

const units = [["y", 365 * 86_400], ["d", 86_400], ["h", 3600], ["m", 60], ["s", 1]] as const;

/** How long ago a time (RFC 3339) was, as kubectl says it: `45s`, `3m10s`, `5h`, `12d`. */
export function age(time: string | undefined, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time ?? "")) / 1000);
  if (Number.isNaN(seconds)) return "";
  return span(Math.max(0, seconds));
}

/** Seconds with at most two units, the second only where it still matters. */
export function span(seconds: number): string {
  const index = units.findIndex(([, size]) => seconds >= size);
  if (index < 0) return "0s";
  const [unit, size] = units[index]!;
  const count = Math.floor(seconds / size);
  const next = units[index + 1];
  const rest = next ? Math.floor((seconds - count * size) / next[1]) : 0;
  return `${count}${unit}${next && rest > 0 && count < 10 ? `${rest}${next[0]}` : ""}`;
}

// deno-lint-ignore no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Text of others in one line, without what a terminal would obey. */
export function visible(text: string): string {
  return text.replace(control, (found) => /^[\t\r\n]+$/.test(found) ? " " : "\ufffd");
}
