import { endOfQuoted, flowReader } from "./flow.ts";
import { Unsure } from "./index_error.ts";

const tab = 9,
  space = 32,
  doubleQuote = 34,
  hash = 35,
  singleQuote = 39,
  dash = 45,
  dot = 46,
  colon = 58,
  request = 63;

/**
 * What a line is. `inside`: blank, a comment, or more of a scalar or flow collection that began before. `item`: it begins
 * with `- `. `key`: with a key of a mapping. `value`: with the value of a key before. `keyless`: with what can be none of
 * these. `start` and `end`: `---` and `...`.
 */
export type LineKind = "inside" | "item" | "key" | "value" | "keyless" | "start" | "end";

/** Tells the lines of block style YAML apart: which are structure, and which only look like it. */
export interface LineReader {
  /**
   * Reads a line, without its line break.
   *
   * @throws {Unsure}
   */
  read(buffer: Uint8Array, from: number, to: number): LineKind;
  /** Of a line that is not `inside`: the column where it begins. */
  indent: number;
  /** Of a `key`, and of an `item` with one: where it stands in the buffer, with its quotes; -1 of an item without one. */
  keyFrom: number;
  keyTo: number;
  /** Where its value begins; the line's end where there is none. */
  valueFrom: number;
  /** Whether a quoted scalar or a flow collection goes on. */
  open(): boolean;
}

const none = Number.MAX_SAFE_INTEGER;

export function lineReader(): LineReader {
  const flow = flowReader();
  /** Lines indented deeper belong to the block scalar (`|`, `>`). */
  let blockScalar = none;
  /** Lines indented deeper go on with the plain scalar of the line before. */
  let plain = none;
  /** The column of the key or dash before that has no value on its own line. */
  let empty = none;

  const self: LineReader = { read, indent: 0, keyFrom: 0, keyTo: 0, valueFrom: 0, open: flow.open };
  return self;

  function read(buffer: Uint8Array, from: number, to: number): LineKind {
    if (flow.open()) {
      const end = flow.read(buffer, from, to);
      if (end >= 0) nothingMore(buffer, end, to);
      return "inside";
    }
    let at = from;
    while (at < to && buffer[at] === space) at++;
    const indent = at - from;
    if (at === to) return "inside";
    if (indent > blockScalar) return "inside";
    const first = buffer[at]!;
    if (first === tab) {
      if (skipBlank(buffer, at, to) === to) return "inside";
      if (indent > plain) return "inside";
      throw new Unsure("a tab in the indentation");
    }
    blockScalar = none;
    if (first === hash) {
      plain = none;
      return "inside";
    }
    if (indent > plain) return "inside";
    plain = none;
    self.indent = indent;
    if (indent === 0 && to - from >= 3 && (first === dash || first === dot)) {
      const marker = first === buffer[1 + from] && first === buffer[2 + from] && isBlank(buffer, from + 3, to);
      if (marker) {
        nothingMore(buffer, from + 3, to);
        return first === dash ? "start" : "end";
      }
    }
    return structure(buffer, from, at, to);
  }

  /** Reads a line that begins a node at `start`, its first byte that is no space. */
  function structure(buffer: Uint8Array, from: number, start: number, to: number): LineKind {
    const first = buffer[start]!;
    let at = start;
    let parent = none;
    while (isIndicator(buffer[at]!) && isBlank(buffer, at + 1, to)) {
      parent = at - from;
      at = skipBlank(buffer, at + 1, to);
      if (at === to || buffer[at] === hash) {
        empty = parent;
        break;
      }
    }
    const explicit = parent !== none;
    if (explicit && first !== dash) throw new Unsure("a key with a question mark");
    if (at === to || buffer[at] === hash) return "item";

    const keyFrom = at;
    self.keyFrom = -1;
    const colonAt = keyEnd(buffer, at, to);
    if (colonAt >= 0) {
      const column = keyFrom - from;
      self.keyFrom = keyFrom;
      self.keyTo = colonAt;
      self.valueFrom = skipBlank(buffer, colonAt + 1, to);
      value(buffer, self.valueFrom, to, column);
      return explicit ? "item" : "key";
    }
    if (explicit) {
      value(buffer, at, to, parent);
      return "item";
    }
    if (empty === none || start - from <= empty) return "keyless";
    if (first === 124 || first === 62) throw new Unsure("a block scalar that begins below its key");
    value(buffer, at, to, empty);
    return "value";
  }

  /** Where the implicit key that begins here ends, at its colon; -1 where the line has none. */
  function keyEnd(buffer: Uint8Array, from: number, to: number): number {
    let at = skipProperties(buffer, from, to);
    if (at === to) return -1;
    const first = buffer[at]!;
    if (first === doubleQuote || first === singleQuote) {
      const end = endOfQuoted(buffer, at + 1, to, first);
      if (end < 0) return -1;
      at = skipBlank(buffer, end, to);
      if (at === to || buffer[at] !== colon) return -1;
      if (!isBlank(buffer, at + 1, to)) throw new Unsure("a quoted key whose colon touches its value");
      return at;
    }
    if (first === 91 || first === 123 || first === 124 || first === 62) return -1;
    for (; at < to; at++) {
      const byte = buffer[at];
      if (byte === colon) {
        if (at + 1 === to || buffer[at + 1] === space || buffer[at + 1] === tab) return at;
      } else if (byte === hash && at > from && (buffer[at - 1] === space || buffer[at - 1] === tab)) return -1;
    }
    return -1;
  }

  /** Reads the value of a key or of an item that stands at `column`. */
  function value(buffer: Uint8Array, from: number, to: number, column: number): void {
    const at = skipProperties(buffer, from, to);
    empty = none;
    if (at === to || buffer[at] === hash) {
      empty = column;
      return;
    }
    switch (buffer[at]) {
      case doubleQuote:
      case singleQuote:
      case 91: // [
      case 123: { // {
        const end = flow.start(buffer, at, to);
        if (end >= 0) nothingMore(buffer, end, to);
        return;
      }
      case 124: // |
      case 62: // >
        blockScalar = column;
        return;
      case 37: // %
      case 64: // @
      case 96: // `
        throw new Unsure("a scalar that begins with a reserved character");
      default:
        plain = column;
    }
  }
}

/** An indicator of block structure, where white space follows. */
const isIndicator = (byte: number) => byte === dash || byte === request || byte === colon;

function isBlank(buffer: Uint8Array, at: number, to: number): boolean {
  return at >= to || buffer[at] === space || buffer[at] === tab;
}

function skipBlank(buffer: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (buffer[at] === space || buffer[at] === tab)) at++;
  return at;
}

/** Skips anchors and tags. */
function skipProperties(buffer: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (buffer[at] === 38 || buffer[at] === 33)) {
    while (at < to && buffer[at] !== space && buffer[at] !== tab) at++;
    at = skipBlank(buffer, at, to);
  }
  return at;
}

function nothingMore(buffer: Uint8Array, from: number, to: number): void {
  const at = skipBlank(buffer, from, to);
  if (at < to && buffer[at] !== hash) throw new Unsure("text behind the end of a value");
}
