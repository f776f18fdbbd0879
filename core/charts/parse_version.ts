import type { Version } from "../image/version.ts";

const NUMBERS = String.raw`(\d+)(?:\.(\d+))?(?:\.(\d+))?`;
const IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const BUILD = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const VERSION = new RegExp(String.raw`^v?${NUMBERS}(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?(?:\+(${BUILD}))?$`);
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
    prerelease: prerelease === undefined ? [] : prerelease.split("."),
    suffix: "",
    build,
    strict: true,
  };
}

const withoutZeros = (digits: string) => digits.replace(/^0+(?=\d)/, "");
