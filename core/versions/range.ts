import gtr from "semver/ranges/gtr.js";
import minVersion from "semver/ranges/min-version.js";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { parseChartVersion, type Version } from "./version.ts";
import { compareVersions, isPrerelease } from "./version_order.ts";

const EXACT = /^\s*v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\s*$/;
const NUMBERS = String.raw`(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?`;
const ONE = new RegExp(String.raw`^\s*(\^|~|)(\s*)(v?)${NUMBERS}\s*$`);
const TWO = new RegExp(String.raw`^\s*>=(\s*)(v?)${NUMBERS}(\s*,\s*|\s+)<(\s*)(v?)(\d+)((?:\.0){0,2})(-0)?\s*$`);
/** Characters of a range. */
const LONGEST = 250;

/**
 * Whether what stands as a chart's version is no version but a range of them, within which Flux moves by itself. Of less
 * than three numbers it is one, as Helm's library reads it.
 *
 * Source: https://github.com/Masterminds/semver#checking-version-constraints
 */
export function isRange(text: string): boolean {
  return text.length <= LONGEST && !EXACT.test(text);
}

/** Whether a version is higher than all in a range; undefined where the range cannot be read. */
export function isAbove(version: Version, range: string): boolean | undefined {
  const read = readRange(range);
  if (read === undefined) return undefined;
  try {
    return gtr(plain(version), read, { includePrerelease: true });
  } catch {
    return undefined;
  }
}

/**
 * A range of the same form as one given that begins where it has `version` in it: `^6.1` and 7.2.3 give `^7.2`, `6.x` gives
 * `7.x`. Undefined for a form of which that is not known, and for a pre-release, which no such form has in it.
 */
export function nextRange(range: string, version: Version): string | undefined {
  if (isPrerelease(version)) return undefined;
  const { numbers } = version;
  const [, sign, gap, v, ...parts] = ONE.exec(range) ?? [];
  if (sign !== undefined) return `${sign}${gap}${v}${moved(parts, numbers)}`;
  const two = TWO.exec(range);
  if (!two) return undefined;
  const [, gapA, vA, major, minor, patch, between, gapB, vB, upper, zeros, dash = ""] = two;
  if (Number(upper) !== Number(major) + 1) return undefined;
  const next = (BigInt(numbers[0]!) + 1n).toString();
  return `>=${gapA}${vA}${moved([major, minor, patch], numbers)}${between}<${gapB}${vB}${next}${zeros}${dash}`;
}

/** The lowest version in a range, by which it is compared with others; undefined where it cannot be read. */
export function lowestOf(range: string): Version | undefined {
  const read = readRange(range);
  const lowest = read === undefined ? null : minVersion(read);
  return lowest ? parseChartVersion(lowest.version) : undefined;
}

/** The highest of some versions that is in a range; undefined where none is. */
export function highestWithin(versions: readonly string[], range: string): string | undefined {
  const read = readRange(range);
  if (read === undefined) return undefined;
  let highest: Version | undefined;
  for (const text of versions) {
    const version = parseChartVersion(text);
    if (!version || !satisfies(plain(version), read)) continue;
    if (!highest || compareVersions(version, highest) > 0) highest = version;
  }
  return highest?.text;
}

const moved = (parts: readonly (string | undefined)[], numbers: readonly string[]): string =>
  parts.flatMap((part, index) => part === undefined ? [] : [/\d/.test(part) ? numbers[index]! : part]).join(".");

const plain = ({ numbers, prerelease }: Version): string =>
  `${numbers.join(".")}${prerelease.length > 0 ? `-${prerelease.join(".")}` : ""}`;

/** Helm separates by commas what npm separates by spaces. */
function readRange(range: string): string | undefined {
  try {
    return range.length > LONGEST ? undefined : validRange(range.replaceAll(",", " ")) ?? undefined;
  } catch {
    return undefined;
  }
}
