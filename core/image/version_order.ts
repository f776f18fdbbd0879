import type { Version } from "./version.ts";

/** What sets two versions so far apart that neither is higher. */
export type Difference = "prefix" | "parts" | "suffix" | "scheme";

/** A first number that is a day, with or without the time of day. */
const DAY = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;

/**
 * Why two versions have no order: another prefix, number of parts or variant, or one counts days (`20240101`) and the
 * other does not. Undefined where they have one. Having an order is an equivalence: it splits tags into classes.
 */
export function difference(a: Version, b: Version): Difference | undefined {
  if (a.prefix !== b.prefix) return "prefix";
  if (a.numbers.length !== b.numbers.length) return "parts";
  if (a.suffix !== b.suffix) return "suffix";
  return countsDays(a) === countsDays(b) ? undefined : "scheme";
}

/** Whether one of two versions can be called the higher one. */
export function comparable(a: Version, b: Version): boolean {
  return difference(a, b) === undefined;
}

/**
 * Below zero when `a` is lower, above when it is higher; 0 for equal ones, which may be written differently. By number,
 * then by pre-release as Semantic Versioning 2.0 orders them (a release is higher than its pre-releases). Means something
 * for comparable versions only.
 */
export function compareVersions(a: Version, b: Version): number {
  const parts = Math.max(a.numbers.length, b.numbers.length);
  for (let i = 0; i < parts; i++) {
    const order = compareNumbers(a.numbers[i] ?? "0", b.numbers[i] ?? "0");
    if (order !== 0) return order;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

/**
 * Whether `a` is lower than `b` by its numbers, also where prefix, variant or number of parts differ, as far as both
 * have parts: `1.1-alpine` is lower than `v1.2.3`. Days and other numbers tell nothing of each other.
 */
export function isLower(a: Version, b: Version): boolean {
  if (countsDays(a) !== countsDays(b)) return false;
  if (a.numbers.length === b.numbers.length) return compareVersions(a, b) < 0;
  const parts = Math.min(a.numbers.length, b.numbers.length);
  for (let i = 0; i < parts; i++) {
    const order = compareNumbers(a.numbers[i]!, b.numbers[i]!);
    if (order !== 0) return order < 0;
  }
  return false;
}

/** Whether a version is not yet a release. */
export function isPrerelease(version: Version): boolean {
  return version.prerelease.length > 0;
}

function countsDays({ numbers, strict }: Version): boolean {
  return !strict && DAY.test(numbers[0]!);
}

/** Decimal numbers of any length, without leading zeros. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifiers(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A number is lower than a word. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [isNumber(a), isNumber(b)];
  if (left && right) return compareNumbers(a, b);
  return left === right ? compareText(a, b) : left ? -1 : 1;
}

function isNumber(identifier: string): boolean {
  return /^\d+$/.test(identifier);
}
