import * as fc from "fast-check";
import type { Model } from "./model.ts";

/** How a person, or a script, writes an index: each choice is drawn anew. */
export type Choose = <T>(...of: T[]) => T;

/** A writer of block style with odd indentation, comments, blank lines, quotes and flow collections at random. */
export function byHand({ charts, fields, entriesAt }: Model, choose: Choose): string {
  const indent = choose(1, 2, 3, 4, 8);
  const lines: string[] = [];
  const comment = () => choose("", "", "", "", " # c", "  # nginx: |", "\t# 'c");
  /** After a scalar of several lines a deeper line would be one of its own. */
  let open = false;
  const between = () => {
    if (open) {
      if (choose(0, 0, 0, 1)) lines.push(choose("", "# c"));
      open = false;
      return;
    }
    if (choose(0, 0, 0, 1)) lines.push(choose("", "   ", "# c", '  # entries: "', "          # x: |", "\t"));
  };
  const sequence = (pad: string, deeper: boolean) => deeper ? pad + " ".repeat(choose(1, 2, 4)) : pad;

  const put = (head: string, pad: string, value: unknown) => {
    if (value !== null && typeof value === "object" && choose(0, 0, 0, 1)) {
      return void lines.push(`${head} ${flow(value)}`);
    }
    if (Array.isArray(value)) {
      if (value.length === 0) return void lines.push(`${head} []${comment()}`);
      lines.push(`${head}${comment()}`);
      const inner = sequence(pad, choose(true, false));
      for (const item of value) {
        between();
        putItem(inner, item);
      }
      return;
    }
    if (value !== null && typeof value === "object") {
      const pairs = Object.entries(value);
      if (pairs.length === 0) return void lines.push(`${head} {}${comment()}`);
      lines.push(`${head}${comment()}`);
      putPairs(pad + " ".repeat(indent), pairs);
      return;
    }
    if (typeof value === "string" && choose(0, 1)) {
      const literal = block(value, pad + " ".repeat(choose(1, 2, 5)));
      open = true;
      if (literal) return void lines.push(`${head} ${literal.header}${comment()}`, ...literal.lines);
    }
    lines.push(`${head} ${choose("", "", " ", "\t")}${scalar(value, pad + " ".repeat(choose(1, 2, 5)))}${comment()}`);
  };

  const putItem = (pad: string, item: unknown) => {
    const isPairs = item !== null && typeof item === "object" && !Array.isArray(item) && Object.keys(item).length > 0;
    if (!isPairs || choose(0, 0, 0, 1)) return put(`${pad}-`, pad, item);
    const gap = " ".repeat(choose(1, 1, 2, 3));
    const from = lines.length;
    putPairs(`${pad} ${gap}`, Object.entries(item as object));
    const first = lines.findIndex((line, index) => index >= from && /^\s*[^\s#]/.test(line));
    lines.splice(from, first - from);
    lines[from] = `${pad}-${gap}${lines[from]!.slice(pad.length + 1 + gap.length)}`;
  };

  const putPairs = (pad: string, pairs: [string, unknown][]) => {
    for (const [name, value] of pairs) {
      between();
      put(`${pad}${key(name)}${choose("", "", " ")}:`, pad, value);
    }
  };

  const key = (name: string) => {
    if (/^[a-z0-9][\w .-]*$/.test(name) && choose(0, 0, 1) === 0) return name;
    return choose(0, 1) ? `'${name.replaceAll("'", "''")}'` : JSON.stringify(name);
  };

  if (choose(0, 0, 1)) lines.push(choose("---", "--- # c", "# head\n---"));
  const entries = Object.fromEntries(charts.map(({ name, items }) => [name, items]));
  for (const [name, value] of fields.toSpliced(entriesAt, 0, ["entries", entries])) {
    between();
    if (name !== "entries" || charts.length === 0) {
      put(`${key(name)}:`, "", value);
      continue;
    }
    lines.push(`${key(name)}:${comment()}`);
    putPairs(" ".repeat(indent), Object.entries(entries));
  }
  const last = choose("\n", "\n", "", "\n...\n", "\n---\nentries:\n  nginx:\n  - version: 6.6.6\n", "\n# end\n");
  return lines.join("\n") + last;
}

const plain = /^[A-Za-z0-9][\w./+-]*$/;

function scalar(value: unknown, pad: string): string {
  if (typeof value !== "string") return String(value);
  if (plain.test(value)) return value;
  const words = value.split(" ");
  const folds = words.length > 2 && words.every((word) => word !== "") && !/[\n\t]/.test(value);
  if (folds) {
    const folded = (text: string) => text.split(" ").join(`\n${pad}`);
    if (/^[A-Za-z]/.test(value) && !/: |:$| #/.test(value)) return folded(value);
    return value.includes("'") ? folded(JSON.stringify(value)) : `'${folded(value)}'`;
  }
  return /[^ -~é]/.test(value) ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
}

/** A literal or folded block scalar, where the text can be one without an indicator of its indentation. */
function block(value: string, pad: string): { header: string; lines: string[] } | undefined {
  if (!/^[^\s]/.test(value) || /[\t\u0085\u2028\u2029]|\s\s$/.test(value)) return undefined;
  const lines = value.replace(/\n$/, "").split("\n").map((line) => line === "" ? "" : pad + line);
  return { header: value.endsWith("\n") ? "|" : "|-", lines };
}

function flow(value: unknown): string {
  return JSON.stringify(value).replaceAll(/":/g, '": ');
}

/** Draws with fast-check's generator of values, so that a failing index is drawn again. */
export const chooser: fc.Arbitrary<Choose> = fc.gen().map((generate) => (...of) => generate(fc.constantFrom, ...of));
