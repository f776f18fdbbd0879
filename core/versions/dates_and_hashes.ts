const DAY = "(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])";
const STARTS_WITH_DAY = new RegExp(`^${DAY}`);
/** A day, with or without hour, minute and second (`20240101`, `20240101120000`), or Unix time in seconds or milliseconds. */
const MOMENT = new RegExp(`^(?:${DAY}(?:\\d\\d){0,3}|1\\d{9}|1\\d{12})$`);

/** Whether a number counts days: `20240101`, with or without the time of day. */
export function startsWithDate(number: string): boolean {
  return number.length >= 8 && STARTS_WITH_DAY.test(number);
}

/** Whether a row of digits says when something was built, and so is neither a commit's hash nor a small count. */
export function isTimestamp(digits: string): boolean {
  return digits.length >= 8 && MOMENT.test(digits);
}

/**
 * A date with hyphens, with or without a time: `2024-01-15`, `2023-06-30T06-44-06Z` (MinIO), `20240115T093000Z`. ISO 8601
 * with `-` where it has `:`, which no tag can have.
 */
export const HYPHENATED_DATE =
  /^(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d\d-?\d\d(?:-?\d\d)?Z?)?|(?:19|20)\d{6}T\d{4}(?:\d\d)?Z?)(?=$|[-_.+])/;

/** The digits of a written date, as one number. */
export function digitsOf(date: string): string {
  return date.replace(/\D/g, "");
}

/** Digits that Git shortens a commit's hash to. */
export const SHORTEST_HASH = 7;

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
  return HASH.test(part) || part.length === digits && DIGITS.test(part) && !isTimestamp(part);
}

/** Whether a part is a hash because of the word before it (`sha-1234567`), whatever it is made of. */
export function isHashBehind(word: string, part: string): boolean {
  return BEFORE_HASHES.has(word) && HEXADECIMAL.test(part);
}

/** Whether a part is a number that might as well be a hash. */
export function mayBeHash(part: string): boolean {
  return DIGITS.test(part) && !isTimestamp(part);
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

const rowsOf = (tag: string): string[] =>
  tag.length < SHORTEST_HASH ? [] : Array.from(tag.matchAll(ROWS), ([, row]) => row!);
