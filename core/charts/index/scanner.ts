import type { ChartVersion } from "../version.ts";

/**
 * Reads an index chunk by chunk, in one pass. Both throw `IndexError`, and `Unsure` where only the full parser knows what
 * is meant.
 */
export interface IndexScanner {
  /** Takes the next bytes. Says whether it wants no more of them: what follows belongs to another document. */
  push(chunk: Uint8Array): boolean;
  /** Takes the end of the text, and gives what was found. */
  end(): Map<string, readonly ChartVersion[]>;
}

/** The longest line, and the largest list of a chart, that a scanner keeps in memory. */
export const mostKept = 8_000_000;
