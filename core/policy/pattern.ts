import { Minimatch, type MinimatchOptions } from "minimatch";

/** The longest pattern, in characters: twice the longest tag. */
export const PATTERN_MAX = 256;

/**
 * No braces (`{1..99999}` and `{a,b}{c,d}…` expand to more than fits in memory) and no extended globs (`+(a)` nests, and
 * nesting is what makes a matcher backtrack). What is left, `*`, `?` and `[…]`, minimatch 11 matches without regular
 * expressions and without backtracking, so that no pattern can stop the operator; a tag has at most 128 characters.
 */
const OPTIONS: MinimatchOptions = {
  nobrace: true,
  noext: true,
  noglobstar: true,
  nocomment: true,
  nonegate: true,
  dot: true,
  platform: "linux",
};

/** What can stand in a tag, `*`, `?`, and brackets around some of it. */
const GLOB = /^(?:[\w.\-*?]|\[[!^]?[\w.\-*?]+\])+$/;

/** What is wrong with a pattern, to follow "the pattern"; undefined for a good one. */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > PATTERN_MAX) return `has ${pattern.length} characters, more than ${PATTERN_MAX}`;
  if (pattern === "") return "is empty";
  if (GLOB.test(pattern)) return undefined;
  return "can match no tag: it may have letters, digits, `_`, `.`, `-`, and `*`, `?` and `[…]`";
}

/** A test for tags; for a bad pattern, or none, one that nothing passes. */
export function matcher(pattern: string | undefined): (tag: string) => boolean {
  if (pattern === undefined || patternFault(pattern) !== undefined) return () => false;
  const glob = new Minimatch(pattern, OPTIONS);
  return (tag) => glob.match(tag);
}

/** What a tag has between the literal start and end of a pattern that it matches: `124` for `main-124` and `main-*`. */
export function freePart(pattern: string, tag: string): string {
  const start = pattern.search(/[*?[]/);
  if (start < 0) return "";
  const end = pattern.length - 1 - Math.max(...["*", "?", "]"].map((sign) => pattern.lastIndexOf(sign)));
  return tag.slice(start, tag.length - end);
}
