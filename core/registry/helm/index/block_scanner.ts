import { type ChartVersion, versionsOf } from "./chart_versions.ts";
import { concatBytes } from "../../../lib/bytes.ts";
import { emptyIndex, entriesNoMapping, IndexError, truncated, twice, Unsure, withoutEntries } from "./index_error.ts";
import { type ItemReader, itemReader } from "./item_reader.ts";
import { type LineKind, lineReader } from "./line_reader.ts";
import { parsePart, parseYaml } from "./parse.ts";
import { inMb } from "./read_bytes.ts";
import {
  createTally,
  type IndexScanner,
  mostOfLine,
  mostParsed,
  mostVersions,
  tooManyVersions,
  versionBytes,
} from "./scanner.ts";

const lineFeed = 10, carriageReturn = 13;
const keyless = "a line without a key";

/** Of a chart's list, in the middle of it. */
interface Kept {
  chart: string;
  reader: ItemReader;
  /** Its text, for the full parser; undefined once it is too long for that. */
  parts: Uint8Array[] | undefined;
  bytes: number;
}

/** A scanner of indexes in block style, as Helm writes them: it reads all lines, and parses those of the wanted charts. */
export function blockScanner(wanted: ReadonlySet<string>): IndexScanner {
  const lines = lineReader();
  const found = new Map<string, readonly ChartVersion[]>();
  /** Those that matter, and one for all others. */
  const topKeys = new Set<string>();
  const tally = createTally();
  /** The beginning of a line that is not whole yet. */
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let over = false;
  /** Within the field `entries`: the indentation of its keys, 0 before the first one, -1 where it has its value already. */
  let entriesIndent: number | undefined;
  let kept: Kept | undefined;

  function readLines(buffer: Uint8Array, start: number, end: number): void {
    refuseLoneReturns(buffer, start, end);
    let keptFrom = start;
    const take = (to: number) => {
      if (kept) keep(kept, buffer.slice(keptFrom, to));
    };
    for (let from = start; from < end && !over;) {
      let to = from;
      while (buffer[to] !== lineFeed && to < end) to++;
      const lineEnd = to > from && buffer[to - 1] === carriageReturn ? to - 1 : to;
      const kind = lines.read(buffer, from, lineEnd);
      if (kind !== "inside" && isBoundary(kind)) {
        take(from);
        finish();
        boundary(kind, buffer);
        keptFrom = from;
      }
      kept?.reader.take(kind, buffer, from, lineEnd);
      from = to + 1;
    }
    take(end);
  }

  /** Whether a line begins another chart, field or document: all others belong to the one before. */
  function isBoundary(kind: LineKind): boolean {
    const { indent } = lines;
    if (kind === "keyless") throw new Unsure(keyless);
    if (kind === "start" || kind === "end") return true;
    if (indent === 0 && kind === "key") return true;
    if (topKeys.size === 0) throw new Unsure("a document that does not begin with a key");
    if (entriesIndent === undefined) return false;
    if (entriesIndent < 0) throw new Unsure("more than one value of entries");
    if (entriesIndent === 0) {
      if (kind === "item") throw entriesNoMapping();
      if (kind === "value") throw new Unsure("a value below entries");
      return true;
    }
    if (indent > entriesIndent || indent === entriesIndent && kind === "item") return false;
    if (indent === entriesIndent && kind === "key") return true;
    throw new Unsure("a line between the indentations of its neighbours");
  }

  function boundary(kind: LineKind, buffer: Uint8Array): void {
    if (kind === "start" || kind === "end") {
      over = topKeys.size > 0;
      return;
    }
    const key = keyText(buffer.subarray(lines.keyFrom, lines.keyTo));
    if (lines.indent === 0) field(key, buffer);
    else chart(key);
  }

  function field(key: string, buffer: Uint8Array): void {
    entriesIndent = undefined;
    if (topKeys.has(key) && key === "entries") throw twice("the field entries");
    topKeys.add(key === "entries" || key === "apiVersion" ? key : "");
    if (key !== "entries") return;
    const end = buffer.indexOf(lineFeed, lines.valueFrom);
    const line = decode(buffer.subarray(lines.valueFrom, end < 0 ? buffer.length : end));
    const value = line.replace(/(^|[ \t])#.*/s, "").replace(/[ \t\r]+$/, "");
    if (value === "") entriesIndent = 0;
    else if (/^(\{\s*\}|~|null)$/i.test(value)) entriesIndent = -1;
    else throw new Unsure("a value on the line of entries");
  }

  function chart(key: string): void {
    entriesIndent = lines.indent;
    if (!wanted.has(key)) return;
    if (found.has(key)) throw twice(`the chart ${key}`);
    kept = { chart: key, reader: itemReader(lines), parts: [], bytes: 0 };
  }

  function finish(): void {
    if (!kept) return;
    const { chart, reader, parts, bytes } = kept;
    kept = undefined;
    const items = reader.items();
    if (!items && !parts) throw tooLong(chart);
    if (!items) tally.parse(bytes);
    const versions = versionsOf(chart, items ?? valueIn(decode(concatBytes(parts!))));
    tally.add(chart, versions.length);
    found.set(chart, versions);
  }

  function wait(part: Uint8Array): void {
    rest.push(part);
    restBytes += part.length;
    if (restBytes > mostOfLine) throw new Unsure(`a line of more than ${inMb(mostOfLine)}`);
  }

  return {
    push(chunk) {
      const newest = chunk.lastIndexOf(lineFeed);
      if (newest < 0) {
        wait(chunk);
        return over;
      }
      let start = 0;
      if (restBytes > 0) {
        start = chunk.indexOf(lineFeed) + 1;
        const line = concatBytes([...rest, chunk.subarray(0, start)]);
        rest = [];
        restBytes = 0;
        readLines(line, 0, line.length);
      }
      readLines(chunk, start, newest + 1);
      if (newest + 1 < chunk.length) wait(chunk.slice(newest + 1));
      return over;
    },
    end() {
      if (!over) {
        try {
          const last = concatBytes(rest);
          readLines(last, 0, last.length);
        } catch (error) {
          if (error instanceof Unsure && topKeys.size > 0 && error.message === keyless) {
            throw truncated();
          }
          throw error;
        }
        if (lines.open()) throw truncated();
      }
      finish();
      if (topKeys.size === 0) throw emptyIndex();
      if (!topKeys.has("entries") && !topKeys.has("apiVersion")) throw withoutEntries();
      return found;
    },
    held: () =>
      restBytes + tally.held() + (kept ? (kept.parts ? kept.bytes : 0) + kept.reader.count() * versionBytes : 0),
  };
}

const decoder = new TextDecoder(undefined, { ignoreBOM: true });
const decode = (bytes: Uint8Array) => decoder.decode(bytes);

function keep(kept: Kept, part: Uint8Array): void {
  kept.parts?.push(part);
  kept.bytes += part.length;
  if (kept.reader.count() > mostVersions) throw tooManyVersions(kept.chart);
  if (kept.bytes <= mostParsed) return;
  kept.parts = undefined;
  if (!kept.reader.sure()) throw tooLong(kept.chart);
}

function tooLong(chart: string): IndexError {
  const message = `The versions of the chart ${chart} are written as only the full parser can read them, ` +
    `which is used up to ${inMb(mostParsed)}.`;
  return new IndexError("too-large", message);
}

/** The value of the only key of a text. */
function valueIn(text: string): unknown {
  const mapping = parsePart(text, parseYaml);
  const values = typeof mapping === "object" && mapping !== null ? Object.values(mapping) : [];
  if (values.length !== 1) throw new Unsure("a chart that is not one key");
  return values[0];
}

/**
 * The text of a key.
 *
 * @throws {Unsure} where it is no plain or quoted scalar on its own, or merges another mapping
 */
function keyText(bytes: Uint8Array): string {
  const text = decode(bytes).replace(/[ \t]+$/, "");
  if (/^[&*!?[\]{}|>%@`,#]|^$/.test(text)) throw new Unsure("a key with an anchor, an alias or a tag");
  const key = /^["']/.test(text) ? valueIn(`key: ${text}`) : text;
  if (typeof key !== "string" || key === "<<") throw new Unsure("a merge key");
  return key;
}

/** A carriage return alone is a line break in YAML. */
function refuseLoneReturns(buffer: Uint8Array, start: number, end: number): void {
  for (
    let at = buffer.indexOf(carriageReturn, start);
    at >= 0 && at < end;
    at = buffer.indexOf(carriageReturn, at + 1)
  ) {
    if (buffer[at + 1] !== lineFeed) throw new Unsure("a carriage return alone");
  }
}
