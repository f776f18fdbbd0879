import { type ChartVersion, isNull, versionsOf } from "./chart_versions.ts";
import { concatBytes } from "../../../lib/bytes.ts";
import { entriesNoMapping, IndexError, noMapping, truncated, twice, Unsure, withoutEntries } from "./index_error.ts";
import { parseFlow, parsePart } from "./parse.ts";
import { inMb } from "./read_bytes.ts";
import { createTally, type IndexScanner, mostParsed, mostVersions, tooManyVersions, versionBytes } from "./scanner.ts";

const quote = 34, comma = 44, colon = 58, openBracket = 91, backslash = 92, closeBracket = 93, openBrace = 123;
const closeBrace = 125;

/** What may stand outside of strings: white space, and the letters of numbers, `true`, `false` and `null`. */
const allowed = new Uint8Array(256);
for (const letter of " \t\r\n0123456789+-.Eaeflnrstu") allowed[letter.charCodeAt(0)] = 1;

type Expected = "key" | "colon" | "value" | "comma";

/** A scanner of indexes in JSON. Other flow style YAML is left to the full parser. */
export function jsonScanner(wanted: ReadonlySet<string>): IndexScanner {
  const found = new Map<string, readonly ChartVersion[]>();
  const topKeys = new Set<string>();
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inEntries = false;
  let over = false;
  /** In the document's mapping, or in that of its entries. */
  let expected: Expected = "key";
  let key = "";
  let parts: Uint8Array[] | undefined;
  let bytes = 0;
  /** Within the list of a wanted chart: its versions so far, how many items there were, and how many that are not null. */
  let list: ChartVersion[] | undefined;
  let items = 0;
  let mappings = 0;
  const tally = createTally();

  const level = () => inEntries ? 2 : 1;

  function keep(part: Uint8Array): void {
    parts!.push(part.slice());
    bytes += part.length;
    if (bytes > mostParsed) {
      throw new IndexError("too-large", `A value in the index is more than ${inMb(mostParsed)} (field ${key}).`);
    }
  }

  function text(last: Uint8Array): string {
    keep(last);
    const whole = decoder.decode(concatBytes(parts!));
    parts = undefined;
    bytes = 0;
    return whole;
  }

  function gotKey(name: unknown): void {
    if (typeof name !== "string") throw new Unsure("a key that is no string");
    key = name;
    expected = "colon";
    if (inEntries) {
      if (wanted.has(name) && found.has(name)) throw twice(`the chart ${name}`);
      return;
    }
    if (name === "<<") throw new Unsure("a merge key");
    if (name === "entries" && topKeys.has(name)) throw twice("the field entries");
    topKeys.add(name === "entries" || name === "apiVersion" ? name : "");
  }

  const isKept = () => inEntries ? wanted.has(key) : key === "entries";

  function gotValue(last: Uint8Array): void {
    if (!parts) return;
    const value = parsePart(text(last), parseFlow);
    if (inEntries) found.set(key, versionsOf(key, value));
    else if (value !== null) throw entriesNoMapping();
  }

  /** Reads the text of an item of the list, which ends before a comma, or before the bracket at the list's end. */
  function item(last: Uint8Array, atEnd: boolean): void {
    const source = text(last).trim();
    if (source === "" && atEnd) return;
    if (++items > mostVersions) throw tooManyVersions(key);
    if (!/^[{["n]/.test(source)) throw new Unsure("an item that is not JSON");
    const value = parsePart(source, parseFlow);
    list!.push(...versionsOf(key, [value], mappings));
    if (!isNull(value)) mappings++;
  }

  const atItems = () => list !== undefined && depth === level() + 1;

  /** Reads a byte outside of strings, at the level of the fields or charts. `from` is where what is kept begins. */
  function structure(byte: number, chunk: Uint8Array, at: number, from: number): void {
    if (over) throw new Unsure("text behind the end of the document");
    if (byte === quote) {
      if (expected === "colon" || expected === "comma") throw new Unsure("a string where none is expected");
    } else if (byte === colon) {
      if (expected !== "colon") throw new Unsure("a colon where none is expected");
      expected = "value";
    } else if (byte === comma || byte === closeBrace) {
      if (expected !== "comma") throw new Unsure("a comma or an end where none is expected");
      gotValue(chunk.subarray(from, at));
      expected = "key";
    }
  }

  function open(byte: number): boolean {
    if (depth === 0) {
      if (byte === openBracket) throw noMapping();
      if (over) throw new Unsure("text behind the end of the document");
      depth = 1;
      return false;
    }
    if (depth === level()) {
      if (expected !== "value") throw new Unsure("a bracket where none is expected");
      if (!inEntries && key === "entries") {
        if (byte === openBracket) throw entriesNoMapping();
        inEntries = true;
        expected = "key";
        depth = 2;
        return false;
      }
      expected = "comma";
    }
    depth++;
    return true;
  }

  return {
    push,
    end,
    held: () => bytes + tally.held() + (list?.length ?? 0) * versionBytes,
  };

  function push(chunk: Uint8Array): boolean {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inString = false;
          if (expected === "key" && depth === level()) gotKey(parsePart(text(chunk.subarray(from, at + 1)), parseFlow));
        }
        continue;
      }
      if (allowed[byte] === 1) {
        if (byte > 32 && depth <= level()) literal(chunk, at);
        continue;
      }
      switch (byte) {
        case quote:
          if (depth === 0) throw new Unsure("text behind the end of the document");
          if (depth === level()) {
            structure(byte, chunk, at, from);
            if (expected === "key") start(at);
            else value(at);
          }
          inString = true;
          break;
        case openBrace:
        case openBracket: {
          const isValue = depth === level();
          if (!open(byte) || !isValue || !isKept()) break;
          if (inEntries && byte === openBracket) {
            list = [];
            items = mappings = 0;
            start(at + 1);
          } else start(at);
          break;
        }
        case closeBrace:
        case closeBracket:
          if (atItems()) closeList(byte, chunk, at);
          else if (depth > level()) depth--;
          else close(byte, chunk, at);
          break;
        case comma:
        case colon:
          if (byte === comma && atItems()) {
            item(chunk.subarray(from, at), false);
            start(at + 1);
          } else if (depth === level()) structure(byte, chunk, at, from);
          else if (depth === 0) throw new Unsure("text behind the end of the document");
          break;
        default:
          throw new Unsure("a character that JSON does not have there");
      }
    }
    if (parts) keep(chunk.subarray(from));
    return false;

    function start(at: number): void {
      parts = [];
      bytes = 0;
      from = at;
    }

    function value(at: number): void {
      expected = "comma";
      if (isKept()) start(at);
    }

    function literal(chunk: Uint8Array, at: number): void {
      if (depth === 0) throw new Unsure("text behind the end of the document");
      if (expected === "value") value(at);
      else if (expected !== "comma") throw new Unsure(`a key that is no string: ${String.fromCharCode(chunk[at]!)}…`);
    }

    function closeList(byte: number, chunk: Uint8Array, at: number): void {
      if (byte !== closeBracket) throw new Unsure("a bracket that closes none");
      item(chunk.subarray(from, at), true);
      tally.add(key, list!.length);
      found.set(key, list!);
      list = undefined;
      depth--;
    }

    function close(byte: number, chunk: Uint8Array, at: number): void {
      if (depth === 0 || byte !== closeBrace) throw new Unsure("a bracket that closes none");
      // a comma before the end is right in YAML
      if (expected !== "key") structure(byte, chunk, at, from);
      depth--;
      if (depth === 0) over = true;
      else {
        inEntries = false;
        expected = "comma";
      }
    }
  }

  function end(): Map<string, readonly ChartVersion[]> {
    if (!over) throw truncated();
    if (!topKeys.has("entries") && !topKeys.has("apiVersion")) throw withoutEntries();
    return found;
  }
}

const decoder = new TextDecoder(undefined, { ignoreBOM: true });
