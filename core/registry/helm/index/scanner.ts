import type { ChartVersion } from "./chart_versions.ts";
import { IndexError } from "./index_error.ts";
import { inMb } from "./read_bytes.ts";

/**
 * Reads an index chunk by chunk, in one pass. Both throw `IndexError`, and `Unsure` where only the full parser knows what
 * is meant.
 */
export interface IndexScanner {
  /** Takes the next bytes. Says whether it wants no more of them: what follows belongs to another document. */
  push(chunk: Uint8Array): boolean;
  /** Takes the end of the text, and gives what was found. */
  end(): Map<string, readonly ChartVersion[]>;
  /** Bytes that it has in memory, about. */
  held(): number;
}

/** The longest line that a scanner keeps in memory. */
export const mostOfLine = 1_000_000;
/**
 * The longest text that is given to a full parser: of a whole index, of a chart's list in block style, of an item in JSON. What a parser
 * makes of it takes up to a hundred times its size in memory, and a second per MB.
 */
export const mostParsed = 300_000;
/** All texts of one index that are given to a full parser, together. */
const mostParsedInAll = 5 * mostParsed;
export const mostVersions = 50_000;
/** Of all wanted charts of an index. */
const mostVersionsInAll = 100_000;
/** What a version takes in memory, about. */
export const versionBytes = 100;

export function tooManyVersions(chart: string): IndexError {
  return new IndexError("too-large", `The index has more than ${mostVersions} versions of the chart ${chart}.`);
}

/** Counts what the wanted charts of an index take, and throws an `IndexError` where it is too much. */
export function createTally() {
  let versions = 0;
  let parsed = 0;
  return {
    held: () => versions * versionBytes,
    add(chart: string, count: number): void {
      if (count > mostVersions) throw tooManyVersions(chart);
      versions += count;
      if (versions <= mostVersionsInAll) return;
      throw new IndexError("too-large", `The index has more than ${mostVersionsInAll} versions of the charts in use.`);
    },
    parse(bytes: number): void {
      parsed += bytes;
      if (parsed <= mostParsedInAll) return;
      throw new IndexError(
        "too-large",
        `The index has charts that only the full parser can read, which is used up to ${inMb(mostParsedInAll)}.`,
      );
    },
  };
}
