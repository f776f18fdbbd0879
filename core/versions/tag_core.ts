import {
  digitsOf,
  HYPHENATED_DATE,
  isCommitHash,
  isHashBehind,
  isTimestamp,
  mayBeHash,
  SHORTEST_HASH,
} from "./dates_and_hashes.ts";
import { ownsVersion } from "./variant_words.ts";

/** What a tag begins with: words, and the numbers of its version. */
export interface TagCore {
  /** The words as written, with `#` for a commit's hash: ``, `v`, `release-`, `boot-`, `pg16-v`, `main-#-`. */
  prefix: string;
  /** Without leading zeros. */
  numbers: string[];
  /** How the numbers are written: `u` for Java's `8u302`, `d` for a date with hyphens. */
  writing: "" | "u" | "d";
  /** The number belongs to the word that it is glued to, and is no version of the image: `ltsc2022`, `jdk17`. */
  isNamed: boolean;
  hash: string;
  /** Where the rest begins. */
  end: number;
}

/** Words that count as none: what follows them is the image's own version, or a count of its builds. */
const VERSION_WORD = /^(?:v|ver|version|rel|release|r|rev|b|build|n)$/i;
const PLAIN = /^(?:|v|release-v?|version-v?)$/i;
/** Without as many hexadecimal digits there is no hash. */
const SEVEN = /[0-9a-f]{7}/;
const WORDS = /^(?:(?:[A-Za-z]+[-_.]+)*?([A-Za-z]+)[-_.]+|_*)([A-Za-z]*)$/;
const PART = /[0-9A-Za-z]+/y;
const SEPARATORS = /[-_.]+/y;
const LATER = /[-_](v?)(\d+(?:\.\d+)+)(?=$|[-_+A-Za-z])/gi;
const MOMENT_NEXT = /^[-_](\d+)(?=$|[-_.])/;
/** Numbers of a version. */
export const MOST_NUMBERS = 8;

/** Whether what stands before a version says nothing but that it is one. */
export function isPlainPrefix(prefix: string): boolean {
  return PLAIN.test(prefix);
}

/**
 * Reads words and version; `hash` for a tag that has a commit's hash and no version, undefined for one that has neither.
 *
 * The version is the first number, but where words stand with a version of their own before it (`pg16-v0.7.0`,
 * `temurin-17-lein-2.9.8`): then the dotted one behind them.
 */
export function readCore(text: string, hashDigits: number): TagCore | "hash" | undefined {
  const first = firstDigit(text);
  if (first === 0) {
    const head = readNumbers(text, "", 0, hashDigits);
    return head && mayHoldHash(text, head, hashDigits) ? readParts(text, hashDigits) : head;
  }
  const prefix = text.slice(0, first);
  if (SEVEN.test(text)) return readParts(text, hashDigits);
  if (isPlainPrefix(prefix)) return readNumbers(text, prefix, first, hashDigits);
  const [, word = "", glued] = WORDS.exec(prefix) ?? [];
  return glued === undefined ? undefined : readBehindWords(text, prefix, first, glued, word.toLowerCase(), hashDigits);
}

/** Whether what looks like a lone number, or like the first of several, may be a commit's hash, or the begin of one. */
function mayHoldHash(text: string, { numbers, end, writing }: TagCore, hashDigits: number): boolean {
  if (numbers.length > 1 && hashDigits > 0) return text.indexOf(".") === hashDigits;
  return numbers.length === 1 && writing === "" &&
    (end >= SHORTEST_HASH || isHexadecimal(text.charCodeAt(end)) && SEVEN.test(text));
}

function firstDigit(text: string): number {
  for (let at = 0; at < text.length; at++) if (isDigit(text.charCodeAt(at))) return at;
  return text.length;
}

/** The parts one after the other, up to the first number that is no hash. */
function readParts(text: string, hashDigits: number): TagCore | "hash" | undefined {
  let [prefix, word, hash] = ["", "", ""];
  for (let at = 0;;) {
    const part = matchAt(PART, text, at);
    if (part === undefined) break;
    const after = at + part.length;
    const letters = firstDigit(part);
    if (isHash(part, word, text.slice(after), hashDigits)) {
      hash = part;
      prefix += "#";
    } else if (letters < part.length) {
      const glued = part.slice(0, letters);
      const head = readBehindWords(text, prefix + glued, at + letters, glued, word, hashDigits);
      return head && { ...head, hash };
    } else {
      word = part.toLowerCase();
      prefix += part;
    }
    const between = matchAt(SEPARATORS, text, after);
    if (between === undefined) break;
    prefix += between;
    at = after + between.length;
  }
  return hash === "" ? undefined : "hash";
}

/** `glued`: the letters just before the number; `word`: what stands before them, apart. */
function readBehindWords(
  text: string,
  prefix: string,
  start: number,
  glued: string,
  word: string,
  hashDigits: number,
): TagCore | undefined {
  const head = readNumbers(text, prefix, start, hashDigits);
  if (!head || prefix === "") return head;
  const later = behindNames(text, head, start, glued, word);
  if (later) return later;
  if (glued !== "" && head.numbers.length === 1 && !VERSION_WORD.test(glued)) head.isNamed = true;
  return head;
}

/** `main-1234567-1769300001`: of two long numbers of which the last is a moment, the first is a commit's hash. */
function isHash(part: string, word: string, rest: string, hashDigits: number): boolean {
  if (isCommitHash(part, hashDigits) || isHashBehind(word, part)) return true;
  return mayBeHash(part) && isTimestamp(MOMENT_NEXT.exec(rest)?.[1] ?? "");
}

/** The version that stands behind names with a version of their own; undefined where the first number is the version. */
function behindNames(text: string, head: TagCore, start: number, glued: string, word: string): TagCore | undefined {
  const { numbers, writing, end } = head;
  if (!text.includes(".", end)) return undefined;
  if (writing !== "" || VERSION_WORD.test(glued) || glued === "" && (word === "" || VERSION_WORD.test(word))) {
    return undefined;
  }
  const isLone = numbers.length === 1 && numbers[0]!.length <= 3;
  const isOwn = isLone || ownsVersion(glued.toLowerCase() || word, text.slice(start, end));
  if (!isOwn && glued === "") return undefined;
  for (const later of text.slice(end).matchAll(LATER)) {
    const [all, v, dotted] = later;
    const begins = end + later.index + all.length - dotted!.length;
    const before = /([A-Za-z]+)[-_]$/.exec(text.slice(0, begins))?.[1]?.toLowerCase() ?? "";
    if (ownsVersion(before, dotted!)) continue;
    if (isOwn || v !== "" || dotted!.split(".").length > 2) return readNumbers(text, text.slice(0, begins), begins);
  }
  return undefined;
}

/** The numbers from `start` on, up to a commit's hash behind a dot, and how they are written. */
function readNumbers(text: string, prefix: string, start: number, hashDigits = 0): TagCore | undefined {
  let end = start;
  let count = 1;
  let zeros = false;
  for (let isFirst = true;; end++) {
    const code = text.charCodeAt(end);
    if (isDigit(code)) {
      if (isFirst && code === 48) zeros = true;
      isFirst = false;
    } else if (code === 46 && isDigit(text.charCodeAt(end + 1))) {
      count++;
      isFirst = true;
    } else break;
  }
  if (end === start || count > MOST_NUMBERS) return undefined;
  if (count > 1) {
    const dot = text.lastIndexOf(".", end - 1);
    const mayBe = isHexadecimal(text.charCodeAt(end))
      ? !isTimestamp(text.slice(dot + 1, end))
      : end - dot > SHORTEST_HASH;
    if (mayBe && isHashAt(text, dot + 1, hashDigits)) {
      end = dot;
      count--;
    }
  }
  const written = text.slice(start, end);
  const numbers = count === 1 ? [written] : written.split(".");
  if (zeros) { for (let at = 0; at < count; at++) numbers[at] = withoutZeros(numbers[at]!); }
  const head: TagCore = { prefix, numbers, writing: "", isNamed: false, hash: "", end };
  const next = text.charCodeAt(end);
  if (next === 117) return readUpdate(text, head);
  return count === 1 && (next === 45 && end - start === 4 || next === 84) ? readDate(text, head, start) : head;
}

function isHashAt(text: string, at: number, hashDigits: number): boolean {
  const part = matchAt(PART, text, at);
  return part !== undefined && isCommitHash(part, hashDigits);
}

/** Java's `8u302`. */
function readUpdate(text: string, head: TagCore): TagCore {
  const update = /^u(\d+)(?=$|[-_.+])/.exec(text.slice(head.end))?.[1];
  if (update === undefined) return head;
  const numbers = [...head.numbers, withoutZeros(update)];
  return { ...head, numbers, writing: "u", end: head.end + 1 + update.length };
}

function readDate(text: string, head: TagCore, start: number): TagCore {
  const date = HYPHENATED_DATE.exec(text.slice(start))?.[0];
  return date === undefined ? head : { ...head, numbers: [digitsOf(date)], writing: "d", end: start + date.length };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

export function withoutZeros(digits: string): string {
  return digits.charCodeAt(0) === 48 ? digits.replace(/^0+(?=\d)/, "") : digits;
}

const isHexadecimal = (code: number) => code >= 97 && code <= 102;
export const isDigit = (code: number) => code >= 48 && code <= 57;
