import { isSignatureTag } from "./signature_tag.ts";

export { comparable, compareVersions, type Difference, difference, isLower, isPrerelease } from "./version_order.ts";
export { isSignatureTag };

/** What a tag or a chart's version says, taken apart. */
export interface Version {
  /** As written. */
  text: string;
  /** What stands before the numbers: ``, `v`, `release-`, `release-v`. */
  prefix: string;
  /** One to four decimal numbers of any size, without leading zeros. */
  numbers: readonly string[];
  /** Identifiers in lower case, a word and its number apart: `rc1`, `rc.1`, `RC-1` are `rc`, `1`. Empty for a release. */
  prerelease: readonly string[];
  /** The variant, such as `alpine3.19` or `slim-bookworm`; empty without one. */
  suffix: string;
  /** Build metadata behind `+` (charts only: a tag cannot have it); counts for no order. */
  build: string;
  /** Ordered by Semantic Versioning alone, as charts are: a number that looks like a day is none. */
  strict?: true;
}

const TEXT = /^\w[\w.+-]{0,127}$/;
const HEAD = /^((?:release-)?[vV]?)(\d+(?:\.\d+){0,3})(?!\.?\d)/;
const WORDS = "alpha|beta|rc|cr|dev|devel|pre|preview|prerelease|snapshot|nightly|canary|next|milestone|ea|unstable";
const END = "(?=$|[-._])";
/** `-rc.1`, `rc1`, `-beta-2`, `.dev0`, `_RC1`, `-M2`. */
const WORD = new RegExp(`^([-._]?)(${WORDS}|[abm])(?:[.-]?(\\d+))?${END}`, "i");
const NUMBER = new RegExp(`^-(\\d+)${END}`);
/** Dotted identifiers that follow a pre-release: `.20240101`, `.abcdef0`. */
const MORE = new RegExp(`^\\.([0-9a-z]+)${END}`, "i");

/**
 * Reads a version; undefined for a tag that is none, such as `latest`, a commit's hash or a signature's tag.
 *
 * What follows the numbers is a pre-release where it starts with one of the usual words or with a number, as Semantic
 * Versioning 2.0 (https://semver.org) has it, and a variant from there on. A row of digits (`20240101`) is one number.
 */
export function parseVersion(tag: string): Version | undefined {
  if (!TEXT.test(tag) || isSignatureTag(tag)) return undefined;
  const plus = tag.indexOf("+");
  const [plain, build] = plus < 0 ? [tag, ""] : [tag.slice(0, plus), tag.slice(plus + 1)];
  const head = HEAD.exec(plain);
  if (!head) return undefined;
  const numbers = head[2]!.split(".").map(withoutZeros);
  const { prerelease, rest } = readPrerelease(plain.slice(head[0].length), numbers.length);
  if (/^[0-9a-z]/i.test(rest)) return undefined;
  const suffix = rest.length > 1 && rest.startsWith("-") ? rest.slice(1) : rest;
  return { text: tag, prefix: head[1]!, numbers, prerelease, suffix, build };
}

/** The identifiers at the start of what follows the numbers, and the rest. */
function readPrerelease(tail: string, parts: number): { prerelease: string[]; rest: string } {
  const prerelease: string[] = [];
  let rest = tail;
  for (;;) {
    const word = WORD.exec(rest);
    if (word && (word[1] !== "" || isGlued(word[2]!, parts, prerelease))) {
      prerelease.push(word[2]!.toLowerCase(), ...(word[3] === undefined ? [] : [withoutZeros(word[3])]));
      rest = rest.slice(word[0].length);
      continue;
    }
    const identifier = NUMBER.exec(rest) ?? (prerelease.length > 0 ? MORE.exec(rest) : null);
    if (!identifier) return { prerelease, rest };
    prerelease.push(/^\d+$/.test(identifier[1]!) ? withoutZeros(identifier[1]!) : identifier[1]!.toLowerCase());
    rest = rest.slice(identifier[0].length);
  }
}

/** Whether a word may follow the numbers at once: `17rc1`, `1.2b3`; not `1a2`, which may be a commit's hash. */
function isGlued(word: string, parts: number, before: readonly string[]): boolean {
  return before.length === 0 && (parts > 1 || !/^[a-f]+$/i.test(word));
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}
