import { digitsOf, HYPHENATED_DATE, isCommitHash, SHORTEST_HASH } from "./dates_and_hashes.ts";
import { hasNoVersion, isSystem, ownsVersion } from "./variant_words.ts";
import { isDigit, withoutZeros } from "./tag_core.ts";

/** What follows the numbers of a tag's version. */
export interface TagQualifiers {
  /** Identifiers in lower case, a word and its number apart: `rc1`, `rc.1`, `RC-1` are `rc`, `1`. Empty for a release. */
  prerelease: readonly string[];
  /** Numbers that count builds of one version, the most significant first. */
  builds: readonly string[];
  hash: string;
  /** The variant, builds and hash left out. */
  suffix: string;
  /** Where builds and hash stand, and how they are written: `-#`, `_#`, `-r#`. Tags of one form have an order. */
  form: string;
}

const WORDS = "alpha|beta|rc|cr|dev|devel|pre|preview|prerelease|snapshot|nightly|canary|next|milestone|ea|unstable";
const END = "(?=$|[-._+])";
/** `-rc.1`, `rc1`, `-beta-2`, `.dev0`, `_RC1`, `-M2`; but `-b08` counts builds, as Java and Jenkins write them. */
const WORD = new RegExp(`^([-._]?)(${WORDS}|[am]|(?<!-)b)(?:[.-]?(\\d+))?${END}`, "i");
/** Dotted identifiers that follow a pre-release: `.20240101`, `.abcdef0`. */
const MORE = new RegExp(`^\\.([0-9a-z]+)${END}`, "i");
/** `v1.2.4-0.20191109021931-daa7c04131f5` comes before 1.2.4. Source: https://go.dev/ref/mod#pseudo-versions */
const GO_PSEUDO = new RegExp(`^-(0)(?=\\.\\d{8,14}${END})`);
const NUMBERS = "\\d+(?:\\.\\d+)*";
/** `-1028`, `_7`, `-r3`, `-ls135`, `-build.7`, `-b08`, `p247`. */
const BUILD = new RegExp(
  `^(?:([_+])(${NUMBERS})|-((?:b|r|ls|build|rev|p|patch|u|rel|release)?[.-]?)(${NUMBERS})|(p)(\\d+))${END}`,
  "i",
);
const COUNTED = new RegExp(`^(r|ls|build|rev|b)(\\.?)(${NUMBERS})$`, "i");
/** `-gke.1302`, `-ce.0`: a word, and a count behind a dot. */
const DOTTED_COUNT = /^([A-Za-z]+)\.(\d+)$/;
/** What a pre-release, a build or a hash begins with. */
const FRONT = new RegExp(
  `^(?:[-._]?(?:${WORDS}|[abmp])(?![a-z])|[-._+]\\d|-(?:r|ls|build|rev|patch|u|rel|release)[.-]?\\d|[-._]g?[0-9a-f]{7})`,
  "i",
);
const HEXADECIMAL = /^[-_.](g?[0-9a-f]{7,64})(?=$|[-_.+])/;
const SEPARATED = /^[-_.+]/;
const DATED = /^[-_](?:19|20)\d\d/;
const PART = /([-_+]+|^)([^-_+]*)/g;
const VARIANT = /^(?:[-_.+][\w.+-]*)?$/;
/** JBoss calls the releases of what has `.CR1` `.Final`. */
const QUALIFIED = /^\.(?:Alpha|Beta|CR)\d*(?=$|-)/;

/** Variants that were read, by their text: of thousands of tags, a few hundred end differently. */
export type ReadVariants = Map<string, TagQualifiers>;
const MOST_KEPT = 512;

/**
 * Reads what follows the numbers; undefined where that is nothing a version can have. `parts`: how many numbers there are.
 */
export function readQualifiers(
  text: string,
  parts: number,
  hashDigits: number,
  known: ReadVariants,
): TagQualifiers | undefined {
  const isNumber = isDigit(text.charCodeAt(1)) && SEPARATED.test(text) && !text.startsWith("-0.");
  const variant = isNumber ? undefined : known.get(text);
  if (variant) return variant;
  const front: Reading = { prerelease: [], builds: [], hash: "", form: "" };
  let rest = text;
  if (!isNumber && FRONT.test(rest)) rest = readPrerelease(rest, parts, hashDigits, front);
  if (isNumber || rest !== text || FRONT.test(rest)) rest = readBuilds(rest, hashDigits, front);
  const back = known.get(rest) ?? readVariant(rest, hashDigits, known);
  if (!back) return undefined;
  if (rest === text) return back;
  return {
    prerelease: front.prerelease,
    builds: back.builds.length === 0 ? front.builds : [...front.builds, ...back.builds],
    hash: front.hash || back.hash,
    suffix: back.suffix === "" && QUALIFIED.test(text) ? ".Final" : back.suffix,
    form: front.form + back.form,
  };
}

function readVariant(text: string, hashDigits: number, known: ReadVariants): TagQualifiers | undefined {
  if (!VARIANT.test(text)) return undefined;
  const back: Reading = { prerelease: [], builds: [], hash: "", form: "" };
  const suffix = takeCounts(text, back, hashDigits);
  const read = { ...back, suffix: suffix.length > 1 && suffix.startsWith("-") ? suffix.slice(1) : suffix };
  if (known.size < MOST_KEPT && !FRONT.test(text)) known.set(text, read);
  return read;
}

/** What is read of a tail so far. */
interface Reading {
  prerelease: string[];
  builds: string[];
  hash: string;
  form: string;
}

/** Takes the identifiers that follow the numbers at once, and the hash of what was built then, and gives the rest. */
function readPrerelease(text: string, parts: number, hashDigits: number, front: Reading): string {
  const { prerelease } = front;
  let rest = text;
  for (;;) {
    const word = WORD.exec(rest);
    if (word && (word[1] !== "" || isGlued(word[2]!, parts, prerelease))) {
      prerelease.push(word[2]!.toLowerCase());
      if (word[3] !== undefined) prerelease.push(withoutZeros(word[3]));
      rest = rest.slice(word[0].length);
      continue;
    }
    const pseudo = GO_PSEUDO.exec(rest);
    if (prerelease.length === 0 && !pseudo) return rest;
    const identifier = pseudo ?? MORE.exec(rest);
    const part = identifier?.[1] ?? /^[-_]([0-9a-z]+)(?=$|[-._+])/.exec(rest)?.[1];
    if (part === undefined) return rest;
    const isBuilt = front.hash === "" && isCommitHash(part, hashDigits);
    if (isBuilt) front.hash = part;
    else if (!identifier) return rest;
    else prerelease.push(/^\d+$/.test(part) ? withoutZeros(part) : part.toLowerCase());
    rest = rest.slice(1 + part.length);
  }
}

/** Whether a word may follow the numbers at once: `17rc1`, `1.2b3`; not `1a2`, which may be a commit's hash. */
function isGlued(word: string, parts: number, before: readonly string[]): boolean {
  return before.length === 0 && (parts > 1 || !/^[a-f]+$/i.test(word));
}

/** Takes builds and a hash that follow the numbers at once, and gives the rest. */
function readBuilds(text: string, hashDigits: number, front: Reading): string {
  let rest = text;
  for (;;) {
    const part = front.hash === "" && rest.length > SHORTEST_HASH ? HEXADECIMAL.exec(rest)?.[1] : undefined;
    if (part !== undefined && isCommitHash(part, hashDigits)) {
      front.hash = part;
      front.form += `${rest[0]}hash`;
      rest = rest.slice(1 + part.length);
      continue;
    }
    const date = DATED.test(rest) ? HYPHENATED_DATE.exec(rest.slice(1))?.[0] : undefined;
    if (date !== undefined) {
      front.builds.push(digitsOf(date));
      front.form += `${rest[0]}date`;
      rest = rest.slice(1 + date.length);
      continue;
    }
    const build = BUILD.exec(rest);
    if (!build) return rest;
    count(front, build[1] ?? (build[5] === undefined ? `-${build[3]}` : "p"), (build[2] ?? build[4] ?? build[6])!);
    rest = rest.slice(build[0].length);
    if (!FRONT.test(rest)) return rest;
  }
}

/** Takes builds and hash out of a variant; what is left are its words, with their own versions. */
function takeCounts(text: string, tail: Reading, hashDigits: number): string {
  if (text === "" || !/[-_+]/.test(text)) return text;
  let suffix = "";
  let word = "";
  let hasOwn = true;
  const parts = [...text.matchAll(PART)];
  for (const [at, [, separator, part]] of parts.entries()) {
    const isLast = at === parts.length - 1;
    const [, name, dot, numbers] = COUNTED.exec(part!) ?? [];
    const [, ofWord, counted] = DOTTED_COUNT.exec(part!) ?? [];
    if (tail.hash === "" && isCommitHash(part!, hashDigits)) {
      tail.hash = part!;
      tail.form += `${suffix}${separator}hash`;
    } else if (numbers !== undefined && separator !== "") {
      count(tail, `${suffix}${separator}${name}${dot}`, numbers);
    } else if (counted !== undefined && separator !== "") {
      suffix += separator! + ofWord;
      count(tail, `${suffix}.`, counted);
    } else if (/^\d{8,}$/.test(part!)) {
      count(tail, `${suffix}${separator}`, part!);
    } else if (/^\d+(?:\.\d+)*$/.test(part!)) {
      const isOwn = !hasOwn &&
        (ownsVersion(word, part!) || !isSystem(word) && !(isLast && part!.includes(".") && hasNoVersion(word)));
      hasOwn = true;
      if (isOwn) suffix += separator! + part!;
      else count(tail, `${suffix}${separator}`, part!);
    } else {
      word = part!.toLowerCase();
      hasOwn = /\d/.test(word);
      suffix += separator! + part!;
    }
  }
  return suffix;
}

function count(tail: Reading, before: string, numbers: string): void {
  if (!numbers.includes(".")) {
    tail.builds.push(withoutZeros(numbers));
    tail.form += `${before}#`;
    return;
  }
  const all = numbers.split(".");
  for (const number of all) tail.builds.push(withoutZeros(number));
  tail.form += `${before}${"#".repeat(all.length)}`;
}
