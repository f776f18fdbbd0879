import type { Artifact, Slot } from "../plugin.ts";
import { type ImageReference, parseReference, repositoryName } from "./reference.ts";
import { createInterner } from "../lib/interner.ts";
import { comparable, compareVersions, isLower, isOtherCommit } from "./version_order.ts";
import { createTagReader, readVersion, type Version } from "./version.ts";
import { hashDigitsOf } from "./dates_and_hashes.ts";
import { isRange, lowestOf } from "./range.ts";

/** The same few texts are read again and again. */
const reading = createInterner<ImageReference | undefined>();

/** A name as charts have it, and a version or a range of versions. */
const CHART = /^([\w./-]{1,250}):([^:@/]{1,250})$/;

/**
 * An image that may be written in any way a person likes, or a chart with its version (`podinfo:6.3.0+1`); undefined when
 * neither grammar takes it.
 */
export function readReference(text: string): ImageReference | undefined {
  return reading(text, () => readImage(text) ?? readChart(text));
}

function readChart(text: string): ImageReference | undefined {
  const [, name, tag] = CHART.exec(text) ?? [];
  if (name === undefined || tag === undefined) return undefined;
  return { ...(readImage(name) ?? { registry: "", repository: name }), tag };
}

/** What a slot holds, or would hold; undefined where that is no reference of its type. A chart has no digest. */
export function readAs({ type }: Pick<Slot, "type">, text: string): ImageReference | undefined {
  if (type === "image") return readImage(text);
  const read = readReference(text);
  return read?.digest === undefined ? read : undefined;
}

function readImage(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

/** Whether a container that runs `current` runs what `wanted` names: same repository and tag, and digest where wanted. */
export function runs(current: string, wanted: string): boolean {
  if (current === wanted) return true;
  const [a, b] = [readReference(current), readReference(wanted)];
  if (!a || !b || repositoryName(a) !== repositoryName(b)) return false;
  return a.tag === b.tag && (b.digest === undefined || a.digest === b.digest);
}

/** Whether two images name the same version: by digest where both have one, else by tag. */
export function isSameVersion(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [readReference(a), readReference(b)];
  if (!left || !right || repositoryName(left) !== repositoryName(right)) return false;
  return left.digest !== undefined && right.digest !== undefined
    ? left.digest === right.digest
    : left.tag === right.tag;
}

export function sameRepository(a: string, b: string): boolean {
  const [left, right] = [readReference(a), readReference(b)];
  return left !== undefined && right !== undefined && repositoryName(left) === repositoryName(right);
}

/** Below zero when `a` is the lower version; undefined where the two have no order. */
export function compareReferences(type: Artifact["type"], a: string, b: string): number | undefined {
  const [left, right] = [readReference(a), readReference(b)];
  if (!left?.tag || !right?.tag || !sameRepository(a, b)) return undefined;
  const [x, y] = versionsOf(type, left.tag, right.tag);
  if (!x || !y || !comparable(x, y)) return undefined;
  const direction = compareVersions(x, y);
  return direction === 0 && isOtherCommit(x, y) ? undefined : direction;
}

/** Whether `a` is below `b` as far as that can be told, also across variants and numbers of parts. */
export function isLowerReference(type: Artifact["type"], a: string, b: string): boolean {
  const [left, right] = [readReference(a), readReference(b)];
  if (!left?.tag || !right?.tag || !sameRepository(a, b)) return false;
  const [x, y] = versionsOf(type, left.tag, right.tag);
  return x !== undefined && y !== undefined && isLower(x, y);
}

/**
 * The versions of two tags, or of two charts' versions. A row of digits in one of two tags is a commit's hash where the other
 * has one that is as long.
 */
export function versionsOf(
  type: Artifact["type"],
  a: string,
  b: string,
): [a: Version | undefined, b: Version | undefined] {
  const digits = type === "image" && MAY_HOLD_HASH.test(a) && MAY_HOLD_HASH.test(b)
    ? hashDigitsOf(a) || hashDigitsOf(b)
    : 0;
  const read = digits === 0 ? undefined : createTagReader(digits);
  return read ? [read(a), read(b)] : [versionOf(type, a), versionOf(type, b)];
}

const MAY_HOLD_HASH = /[0-9a-f]{7}/;

/** A range of chart versions stands where its lowest one does. */
export function versionOf(type: Artifact["type"], text: string): Version | undefined {
  return type === "chart" && isRange(text) ? lowestOf(text) : readVersion(type, text);
}
