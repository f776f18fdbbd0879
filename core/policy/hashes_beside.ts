import type { Candidate } from "./types.ts";
import { hashDigitsOf, longRowsOf } from "../versions/commit_hash.ts";
import type { Steps } from "../lib/time_slices.ts";

const candidatesAStep = 256;

/**
 * How long the commits' hashes are beside which a tag's row of digits stands: 7 for `main-1234567` in a list that has
 * `main-a1b2c3d` too; 0 where none is as long as the row, or the tag has no such row.
 */
export function* hashDigitsBeside(tag: string, candidates: readonly Candidate[]): Steps<number> {
  const lengths = longRowsOf(tag).map(({ length }) => length);
  if (lengths.length === 0) return 0;
  for (let at = 0; at < candidates.length; at++) {
    if (at % candidatesAStep === candidatesAStep - 1) yield;
    const digits = hashDigitsOf(candidates[at]!.tag);
    if (lengths.includes(digits)) return digits;
  }
  return 0;
}
