import { Unsure } from "./index_error.ts";

const tab = 9, space = 32, doubleQuote = 34, hash = 35, singleQuote = 39, comma = 44, colon = 58, backslash = 92;
const openBracket = 91, closeBracket = 93, openBrace = 123, closeBrace = 125;

/**
 * A reader of quoted scalars and flow collections (`[…]`, `{…}`) of YAML, which finds where they end. Either may go on
 * over any number of lines: `read` again then, with the next line.
 */
export interface FlowReader {
  /** Starts at a quote or a bracket, and reads on. See `read`. */
  start(line: Uint8Array, from: number, to: number): number;
  /**
   * The place behind the end of what is open, or -1 where it goes on behind `to`.
   *
   * @throws {Unsure}
   */
  read(line: Uint8Array, from: number, to: number): number;
  /** Whether something is open. */
  open(): boolean;
}

export function flowReader(): FlowReader {
  let quote = 0;
  let depth = 0;
  /** The significant byte before; a quote for the end of a quoted scalar. */
  let last = 0;

  const startsNode = () => last === comma || last === colon || last === openBracket || last === openBrace;

  function read(line: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to) {
      const byte = line[at]!;
      if (quote !== 0) {
        at = endOfQuoted(line, at, to, quote);
        if (at < 0) return -1;
        last = quote;
        quote = 0;
        if (depth === 0) return at;
        continue;
      }
      switch (byte) {
        case space:
        case tab:
          at++;
          continue;
        case hash:
          if (at === from || line[at - 1] === space || line[at - 1] === tab) return -1;
          break;
        case doubleQuote:
        case singleQuote:
          if (startsNode()) {
            quote = byte;
            at++;
            continue;
          }
          break;
        case openBracket:
        case openBrace:
          depth++;
          break;
        case closeBracket:
        case closeBrace:
          if (--depth === 0) return at + 1;
          break;
        case colon:
          // in the middle of a plain scalar, unless white space follows, or a key in quotes or brackets went before
          if (!isEnd(line, at + 1, to) && !closing.has(last)) {
            last = space;
            at++;
            continue;
          }
          break;
        case 33: // !
        case 38: // &
          if (startsNode()) {
            at = endOfProperty(line, at, to);
            continue;
          }
          break;
        case 63: // ?
          if (startsNode() && isEnd(line, at + 1, to)) {
            throw new Unsure("a question mark in a flow collection");
          }
      }
      last = byte;
      at++;
    }
    return -1;
  }

  return {
    open: () => quote !== 0 || depth > 0,
    read,
    start(line, from, to) {
      const byte = line[from]!;
      last = byte;
      if (byte === openBracket || byte === openBrace) depth = 1;
      else quote = byte;
      return read(line, from + 1, to);
    },
  };
}

/** The place behind the closing quote, from a place behind the opening one; -1 where there is none before `to`. */
export function endOfQuoted(line: Uint8Array, from: number, to: number, quote: number): number {
  return quote === doubleQuote ? endOfDouble(line, from, to) : endOfSingle(line, from, to);
}

/** The place behind a tag or an anchor. */
function endOfProperty(line: Uint8Array, from: number, to: number): number {
  if (line[from + 1] === 60) throw new Unsure("a verbatim tag in a flow collection");
  let at = from;
  while (!isEnd(line, at, to)) at++;
  return at;
}

const closing = new Set([doubleQuote, singleQuote, closeBracket, closeBrace]);
const isEnd = (line: Uint8Array, at: number, to: number) => at >= to || ends.has(line[at]!);
const ends = new Set([space, tab, comma, openBracket, closeBracket, openBrace, closeBrace]);

function endOfDouble(line: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = line[at];
    if (byte === backslash) at++;
    else if (byte === doubleQuote) return at + 1;
  }
  return -1;
}

function endOfSingle(line: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (line[at] !== singleQuote) continue;
    if (at + 1 === to || line[at + 1] !== singleQuote) return at + 1;
    at++;
  }
  return -1;
}
