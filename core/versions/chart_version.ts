import type { Version } from "./version.ts";

const NUMBER = "(0|[1-9]\\d*)";
const IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const BUILD = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const VERSION = new RegExp(
  String.raw`^v?${NUMBER}\.${NUMBER}\.${NUMBER}(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?(?:\+(${BUILD}))?$`,
);
const longest = 256;

/**
 * Reads a chart's version; undefined for what is none. Charts have versions by Semantic Versioning 2.0
 * (https://semver.org): three numbers without leading zeros; what follows a hyphen is a pre-release, never a variant, and
 * build metadata counts for no order. A `v` in front means nothing, as for Flux
 * (https://pkg.go.dev/github.com/fluxcd/pkg/version#ParseVersion). Of fewer numbers it would be a range where it is written.
 */
export function parseChartVersion(text: string): Version | undefined {
  const [, major, minor, patch, prerelease, build = ""] = text.length > longest ? [] : VERSION.exec(text) ?? [];
  if (major === undefined) return undefined;
  return {
    text,
    prefix: "",
    numbers: [major, minor!, patch!],
    writing: "",
    isNamed: false,
    prerelease: prerelease === undefined ? [] : prerelease.split("."),
    builds: [],
    hash: "",
    suffix: "",
    form: "",
    build,
    strict: true,
  };
}
