import type { LineKind, LineReader } from "./line_reader.ts";

/** An item of a chart's list, its scalars as texts; null for an empty one. */
export type Item = { version?: string; deprecated?: string } | null;

/**
 * Reads the list of one chart line by line, where it is as Helm writes it: a block of mappings with plain keys, and versions
 * that are scalars on one line. It costs a tenth of a parser, which new processes have to compile first.
 */
export interface ItemReader {
  /** Takes the next line, which the line reader has just read. The first one is that of the chart's key. */
  take(kind: LineKind, buffer: Uint8Array, from: number, to: number): void;
  /** The items so far; undefined where only a parser knows them. */
  items(): Item[] | undefined;
  /** How many there are so far. */
  count(): number;
  /** Whether it knows them so far. */
  sure(): boolean;
}

const space = 32, hash = 35, letterD = 100, letterV = 118;

export function itemReader(lines: LineReader): ItemReader {
  const items: Item[] = [];
  let simple = true;
  let first = true;
  let dashColumn = -1;
  /** Of the keys of the item; -1 before the first of them. */
  let keyColumn = -1;
  /** The line before may go on. */
  let plain = false;

  function take(kind: LineKind, buffer: Uint8Array, from: number, to: number): void {
    if (!simple) return;
    if (kind === "inside") {
      if (plain && !isEmpty(buffer, from, to)) simple = false;
      return;
    }
    plain = false;
    const { indent } = lines;
    if (first) {
      first = false;
      simple = isEmpty(buffer, lines.valueFrom, to);
    } else if (kind === "item" && (dashColumn < 0 || indent === dashColumn)) {
      dashColumn = indent;
      newItem(buffer, from, to);
    } else if (kind === "key" && indent > dashColumn && dashColumn >= 0 && keyColumn < 0) {
      keyColumn = indent;
      items[items.length - 1] = {};
      field(buffer, to);
    } else if (keyColumn < 0 || indent < keyColumn || kind === "value" && indent === keyColumn) {
      simple = false;
    } else if (kind === "key" && indent === keyColumn) field(buffer, to);
  }

  function newItem(buffer: Uint8Array, from: number, to: number): void {
    const afterDash = from + dashColumn + 1;
    keyColumn = -1;
    if (isEmpty(buffer, afterDash, to)) {
      items.push(null);
      return;
    }
    for (let at = afterDash; at < lines.keyFrom; at++) if (buffer[at] !== space) simple = false;
    if (lines.keyFrom < from) simple = false;
    if (!simple) return;
    items.push({});
    keyColumn = lines.keyFrom - from;
    field(buffer, to);
  }

  function field(buffer: Uint8Array, to: number): void {
    const { keyFrom, keyTo, valueFrom } = lines;
    const begin = buffer[keyFrom]! | 32;
    if (begin < 97 || begin > 122 || buffer[keyTo - 1] === space) {
      simple = false;
      return;
    }
    if (begin !== letterV && begin !== letterD) return;
    const key = decode(buffer, keyFrom, keyTo);
    if (key !== "version" && key !== "deprecated") return;
    const text = decode(buffer, valueFrom, to);
    const scalar = /^(?:([A-Za-z0-9][\w.+~-]*)|"([^"\\]*)"|'([^']*)')[ \t]*(?:[ \t]#.*)?$/.exec(text);
    const item = items.at(-1)!;
    if (!scalar || lines.open() || item === null || item[key] !== undefined) {
      simple = false;
      return;
    }
    plain = scalar[1] !== undefined;
    item[key] = scalar[1] ?? scalar[2] ?? scalar[3]!;
  }

  return {
    take,
    items: () => simple && dashColumn >= 0 ? items : undefined,
    count: () => items.length,
    sure: () => simple,
  };
}

const decoder = new TextDecoder(undefined, { ignoreBOM: true });
const decode = (buffer: Uint8Array, from: number, to: number) => decoder.decode(buffer.subarray(from, to));

/** Whether there is nothing but white space and a comment. */
function isEmpty(buffer: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && (buffer[at] === space || buffer[at] === 9)) at++;
  return at === to || buffer[at] === hash;
}
