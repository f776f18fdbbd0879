import type { Version } from "../image/version.ts";

const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = new RegExp(`^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`);
const longest = 256;

/**
 * Reads a chart's version; undefined for what is none. Helm's versions are Semantic Versioning 2.0 (https://semver.org):
 * what follows a hyphen is a pre-release, never a variant, and build metadata counts for no order. As Helm does, a `v` in
 * front means nothing, and what is missing of three numbers is 0.
 */
export function parseChartVersion(text: string): Version | undefined {
  const [, major, minor = "0", patch = "0", prerelease, build = ""] = text.length > longest
    ? []
    : VERSION.exec(text) ?? [];
  if (major === undefined) return undefined;
  return {
    text,
    prefix: "",
    numbers: [major, minor, patch].map(withoutZeros),
    prerelease: prerelease === undefined ? [] : prerelease.split(".").map(numberOrText),
    suffix: "",
    build,
    strict: true,
  };
}

const numberOrText = (identifier: string) => /^\d+$/.test(identifier) ? withoutZeros(identifier) : identifier;
const withoutZeros = (digits: string) => digits.replace(/^0+(?=\d)/, "");
