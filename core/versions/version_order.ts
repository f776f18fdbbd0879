import { SHORTEST_HASH, startsWithDate } from "./dates_and_hashes.ts";
import { isDigit, isPlainPrefix, MOST_NUMBERS, withoutZeros } from "./tag_core.ts";
import { compareText } from "../lib/compare_text.ts";
import type { Version } from "./version.ts";

/** What sets two versions so far apart that neither is higher. */
export type Difference = "prefix" | "parts" | "suffix" | "build" | "scheme" | "named";

/** More digits than another number has to be none of its kind. */
const FAR_LONGER = 3;

/**
 * Why two versions have no order: other words before the numbers, another count of numbers, another variant, builds that
 * are counted in another way or by one alone, or numbers of different kinds. Such are a day (`20240101`) and another
 * number, and a lone row of seven digits or more, which may be a commit's hash, beside a far shorter one.
 * Undefined where they have an order.
 */
export function difference(a: Version, b: Version): Difference | undefined {
  if (a.prefix !== b.prefix) return "prefix";
  if (a.numbers.length !== b.numbers.length || a.writing !== b.writing) return "parts";
  if (a.suffix !== b.suffix) return "suffix";
  if (a.form !== b.form) return "build";
  if (a.isNamed && b.isNamed) return "named";
  return isOtherScheme(a, b) || isFarLonger(a, b) ? "scheme" : undefined;
}

/** Whether one of two versions can be called the higher one. */
export function comparable(a: Version, b: Version): boolean {
  return difference(a, b) === undefined;
}

/**
 * Below zero when `a` is lower, above when it is higher; 0 for those that are equal but for how they are written, or for
 * the commit's hash, which tells no order. By number, then by pre-release as Semantic Versioning 2.0 orders them (a
 * release is higher than its pre-releases), then by build. A day is before the next one, whether it has a time or not:
 * `202401011200` before `20240601`. Means something for comparable versions only.
 */
export function compareVersions(a: Version, b: Version): number {
  const compare = numbersIn(a);
  return compareLists(a.numbers, b.numbers, compare) || comparePrereleases(a.prerelease, b.prerelease, compare) ||
    compareLists(a.builds, b.builds, compare);
}

/** Whether two versions that are otherwise equal were built of different commits. */
export function isOtherCommit(a: Version, b: Version): boolean {
  return a.hash !== b.hash;
}

/**
 * Whether `a` is lower than `b` by its numbers, also where words, variant or the count of numbers differ, as far as both
 * have them: `1.1-alpine` is lower than `v1.2.3`, `1.0-php8.1` than `1.0-php8.2`. Days and other numbers tell nothing of
 * each other, nor do lone numbers behind different words, as in `dev-3` and `main-7`.
 */
export function isLower(a: Version, b: Version): boolean {
  if (isOtherScheme(a, b)) return false;
  const parts = Math.min(a.numbers.length, b.numbers.length);
  if (parts === 1 && a.prefix !== b.prefix && !isPlainPrefix(a.prefix) && !isPlainPrefix(b.prefix)) return false;
  const compare = numbersIn(a);
  for (let i = 0; i < parts; i++) {
    const order = compare(a.numbers[i]!, b.numbers[i]!);
    if (order !== 0) return order < 0;
  }
  if (a.numbers.length !== b.numbers.length) return false;
  const order = comparePrereleases(a.prerelease, b.prerelease, compare) ||
    (a.builds.length > 0 && b.builds.length > 0 ? compareLists(a.builds, b.builds, compare) : 0);
  return order === 0 ? isLowerByNames(a, b) : order < 0;
}

/** By the versions that words have of their own, where the words are the same. */
function isLowerByNames(a: Version, b: Version): boolean {
  const [x, y] = [a.prefix + a.suffix, b.prefix + b.suffix];
  if (x === y || x.replace(/\d+/g, "#") !== y.replace(/\d+/g, "#")) return false;
  return compareLists(numbersOf(x), numbersOf(y)) < 0;
}

const numbersOf = (text: string) => (text.match(/\d+/g) ?? []).map(withoutZeros);

/** Whether a version is not yet a release. */
export function isPrerelease(version: Version): boolean {
  return version.prerelease.length > 0;
}

/** Whether what tells the order of a version is when it was built. */
export function isDated({ numbers, strict }: Version): boolean {
  return !strict && startsWithDate(numbers[0]!);
}

function isOtherScheme(a: Version, b: Version): boolean {
  return isDated(a) !== isDated(b);
}

function isFarLonger(a: Version, b: Version): boolean {
  if (a.numbers.length > 1 || a.strict || isDated(a)) return false;
  const [x, y] = [a.numbers[0]!.length, b.numbers[0]!.length];
  return Math.max(x, y) >= SHORTEST_HASH && Math.abs(x - y) >= FAR_LONGER;
}

/** Numbers from the most significant on; of a list that begins like another, the longer is higher. */
function compareLists(a: readonly string[], b: readonly string[], compare = compareNumbers): number {
  const both = Math.min(a.length, b.length);
  for (let i = 0; i < both; i++) {
    const order = compare(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Decimal numbers of any length, without leading zeros. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

/** How the numbers of a version and those like it are compared: Semantic Versioning knows no days. */
const numbersIn = ({ strict }: Version) => strict ? compareNumbers : compareCounts;

/** As numbers, but for days, of which some may have a time. */
function compareCounts(a: string, b: string): number {
  if (a.length === b.length || !startsWithDate(a) || !startsWithDate(b)) return compareNumbers(a, b);
  const both = Math.min(a.length, b.length);
  return compareText(a.slice(0, both), b.slice(0, both)) || a.length - b.length;
}

function comparePrereleases(a: readonly string[], b: readonly string[], compare: typeof compareNumbers): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifiers(a[i]!, b[i]!, compare);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A number is lower than a word. */
function compareIdentifiers(a: string, b: string, compare: typeof compareNumbers): number {
  const [left, right] = [isNumber(a), isNumber(b)];
  if (left && right) return compare(a, b);
  return left === right ? compareText(a, b) : left ? -1 : 1;
}

function isNumber(identifier: string): boolean {
  return /^\d+$/.test(identifier);
}

const [dot, hyphen, underscore] = [46, 45, 95];

/**
 * What sets a tag apart from a version where that is seen without reading all of it; undefined where it has to be read.
 * It is the same that `difference` says of what is read, of which most of a long list is spared so. Given tags alone.
 */
export function quickDifference(running: Version): (tag: string) => Difference | undefined {
  const { prefix, numbers, writing, suffix, text } = running;
  const ending = /(?<=^|[-_])[A-Za-z]+$/.exec(suffix)?.[0] ?? "";
  const word = text.endsWith(ending) ? ending : "";
  if (numbers.length === 1 || !isPlainPrefix(prefix)) return () => undefined;
  return (tag) => {
    const start = isDigit(tag.charCodeAt(0)) ? 0 : prefix.length;
    if (start > 0 && !tag.startsWith(prefix)) return undefined;
    const count = countNumbers(tag, start);
    if (count < 2 || count > MOST_NUMBERS) return undefined;
    if (start === 0 && prefix !== "") return "prefix";
    if (count !== numbers.length || writing !== "") return "parts";
    return word !== "" && !tag.includes(word) ? "suffix" : undefined;
  };
}

/**
 * 0 where something is glued to the numbers, which belongs to them or makes the tag no version, and where the last is as
 * long as a commit's hash.
 */
function countNumbers(tag: string, start: number): number {
  let count = 1;
  let last = start;
  for (let at = start;; at++) {
    const code = tag.charCodeAt(at);
    if (isDigit(code)) continue;
    if (at === start || at - last >= SHORTEST_HASH) return 0;
    if (code !== dot) return at === tag.length || code === hyphen || code === underscore ? count : 0;
    if (!isDigit(tag.charCodeAt(at + 1))) return count;
    count++;
    last = at + 1;
  }
}
