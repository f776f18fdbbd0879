import { isSignatureTag } from "./reference.ts";
import { readCore } from "./tag_core.ts";
import { readQualifiers, type ReadVariants } from "./tag_qualifiers.ts";
import type { Artifact } from "../plugin.ts";

/** What a tag or a chart's version says, taken apart. */
export interface Version {
  /** As written. */
  text: string;
  /** The words before the version, with `#` for a commit's hash among them: ``, `v`, `release-`, `boot-`, `main-#-`. */
  prefix: string;
  /** Decimal numbers of any size, without leading zeros. A date, however it is written, is one number. */
  numbers: readonly string[];
  /** How the numbers are written: `u` for Java's `8u302`, `d` for a date with hyphens. */
  writing: "" | "u" | "d";
  /** The number belongs to the word that it is glued to and is no version of the image, as in `ltsc2022` or `jdk17`. */
  isNamed: boolean;
  /** Identifiers, of a tag in lower case, a word and its number apart: `rc1`, `rc.1`, `RC-1` are `rc`, `1`. Empty for a release. */
  prerelease: readonly string[];
  /** Numbers that count builds of one version, as in `8.10-1052`, `17.0.5_8`, `1.2.3-debian-12-r4`, `3.4.0-20240101`. */
  builds: readonly string[];
  /** The commit that it was built of; empty without one. It tells no order. */
  hash: string;
  /** The variant, such as `alpine3.19` or `slim-bookworm`, whose words keep their own versions; empty without one. */
  suffix: string;
  /** Where builds and hash stand in it, and how they are written. */
  form: string;
  /** Build metadata behind `+` (charts only: a tag cannot have it); counts for no order. */
  build: string;
  /** Ordered by Semantic Versioning alone, as charts are: a number that looks like a day is none. */
  strict?: true;
}

/** Reads tags; undefined for one that is no version, such as `latest`, a commit's hash or a signature's tag. */
export type TagReader = (tag: string) => Version | undefined;

/** Characters of a tag, by the OCI distribution specification. */
const LONGEST_TAG = 128;

/**
 * A reader of tags, each of which it reads by itself. `hashDigits` is how long the commits' hashes are that stand among
 * them, where that is known: a row of so many digits is one of them then.
 */
export function createTagReader(hashDigits = 0): TagReader {
  const variants: ReadVariants = new Map();
  return (tag) => {
    if (tag.length > LONGEST_TAG || isSignatureTag(tag)) return undefined;
    const head = readCore(tag, hashDigits);
    if (!head || head === "hash") return undefined;
    const plus = tag.indexOf("+", head.end);
    const [end, build] = plus < 0 ? [tag.length, ""] : [plus, tag.slice(plus + 1)];
    const { prefix, numbers, writing, isNamed } = head;
    const tail = readQualifiers(tag.slice(head.end, end), numbers.length, hashDigits, variants);
    if (!tail) return undefined;
    const { prerelease, builds, suffix, form } = tail;
    const hash = head.hash || tail.hash;
    return { text: tag, prefix, numbers, writing, isNamed, prerelease, builds, hash, suffix, form, build };
  };
}

/**
 * Reads a tag into its parts; undefined for one that is no version.
 *
 * Words, then numbers; a pre-release where one of the usual words follows; builds where numbers follow, or where a number
 * ends the variant as no version of its last word does; a commit's hash anywhere; and the variant, in which words keep
 * numbers of their own. Sources: Semantic Versioning 2.0 (https://semver.org) for pre-releases and their order; for the
 * rest what registries hold, of which `test/data/tags` has 57,000.
 */
export const parseVersion: TagReader = (tag) => createTagReader()(tag);

/** Whether a tag that is no version names a commit. */
export function namesCommit(tag: string, hashDigits = 0): boolean {
  return readCore(tag, hashDigits) === "hash";
}

const NUMBER = "(0|[1-9]\\d*)";
const IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const BUILD = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const VERSION = new RegExp(
  String.raw`^v?${NUMBER}\.${NUMBER}\.${NUMBER}(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?(?:\+(${BUILD}))?$`,
);
/** Characters. */
const LONGEST_CHART_VERSION = 256;

/**
 * Reads a chart's version; undefined for what is none. Charts have versions by Semantic Versioning 2.0
 * (https://semver.org): three numbers without leading zeros; what follows a hyphen is a pre-release, never a variant, and
 * build metadata counts for no order. A `v` in front means nothing, as for Flux
 * (https://pkg.go.dev/github.com/fluxcd/pkg/version#ParseVersion). Of fewer numbers it would be a range where it is written.
 */
export function parseChartVersion(text: string): Version | undefined {
  const [, major, minor, patch, prerelease, build = ""] = text.length > LONGEST_CHART_VERSION
    ? []
    : VERSION.exec(text) ?? [];
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

/** Reads a tag, or a chart's version, as what is published under such names has them; undefined for what is none. */
export type ReadVersion = (text: string) => Version | undefined;

export const readVersion = (type: Artifact["type"], text: string): Version | undefined =>
  type === "chart" ? parseChartVersion(text) : parseVersion(text);

/** For many texts of one artifact. `hashDigits` as for `createTagReader`. */
export const versionReader = (type: Artifact["type"], hashDigits: number): ReadVersion =>
  type === "chart" ? parseChartVersion : createTagReader(hashDigits);
