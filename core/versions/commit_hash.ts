import { isMoment } from "./moment.ts";

/**
 * The hash of a commit, or what Git shortens it to: seven hexadecimal digits or more, with `g` in front as `git describe`
 * writes it. Of digits alone it is told from a number only by what stands around it.
 *
 * Source: https://git-scm.com/docs/git-describe, and `core.abbrev` in https://git-scm.com/docs/git-config
 */
const HASH = /^(?:g[0-9a-f]{7,64}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64})$/;
const HEXADECIMAL = /^[0-9a-f]{7,64}$/;
const DIGITS = /^\d{7,40}$/;
const BEFORE_HASHES: ReadonlySet<string> = new Set(["sha", "git", "commit", "hash"]);

/**
 * Whether a part of a tag is a commit's hash. `digits` is how long hashes are that stand beside it (0 where that is not
 * known): a row of so many digits is one too, since of all hashes of seven every 27th has no letter.
 */
export function isCommitHash(part: string, digits: number): boolean {
  return HASH.test(part) || part.length === digits && DIGITS.test(part) && !isMoment(part);
}

/** Whether a part is a hash because of the word before it (`sha-1234567`), whatever it is made of. */
export function isHashBehind(word: string, part: string): boolean {
  return BEFORE_HASHES.has(word) && HEXADECIMAL.test(part);
}

/** Whether a part is a number that might as well be a hash. */
export function mayBeHash(part: string): boolean {
  return DIGITS.test(part) && !isMoment(part);
}

const ROWS = /(?:^|[-_.])(g?[0-9a-f]{7,64})(?=$|[-_.])/g;

/** How many digits the commit's hash in a tag has; 0 where it has none that is told by itself. */
export function hashDigitsOf(tag: string): number {
  const hash = rowsOf(tag).find((row) => isCommitHash(row, 0)) ?? "";
  return hash.startsWith("g") ? hash.length - 1 : hash.length;
}

/** The numbers in a tag that might as well be hashes. */
export function longRowsOf(tag: string): string[] {
  return rowsOf(tag).filter(mayBeHash);
}

const rowsOf = (tag: string): string[] => tag.length < 7 ? [] : Array.from(tag.matchAll(ROWS), ([, row]) => row!);
