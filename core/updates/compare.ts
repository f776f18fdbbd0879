import { type ImageReference, parseReference, repositoryName } from "../image/reference.ts";
import { comparable, compareVersions, isLower, parseVersion } from "../image/version.ts";

/** An image that may be written in any way a person likes; undefined when the grammar refuses it. */
export function readImage(image: string): ImageReference | undefined {
  try {
    return parseReference(image);
  } catch {
    return undefined;
  }
}

/** Whether a container that runs `current` runs what `wanted` names: same repository and tag, and digest where wanted. */
export function runs(current: string, wanted: string): boolean {
  if (current === wanted) return true;
  const [a, b] = [readImage(current), readImage(wanted)];
  if (!a || !b || repositoryName(a) !== repositoryName(b)) return false;
  return a.tag === b.tag && (b.digest === undefined || a.digest === b.digest);
}

/** Whether two images name the same version: by digest where both have one, else by tag. */
export function isSameVersion(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [readImage(a), readImage(b)];
  if (!left || !right || repositoryName(left) !== repositoryName(right)) return false;
  return left.digest !== undefined && right.digest !== undefined
    ? left.digest === right.digest
    : left.tag === right.tag;
}

export function sameRepository(a: string, b: string): boolean {
  const [left, right] = [readImage(a), readImage(b)];
  return left !== undefined && right !== undefined && repositoryName(left) === repositoryName(right);
}

/** Below zero when `a` is the lower version; undefined where the two have no order. */
export function order(a: string, b: string): number | undefined {
  const [left, right] = [readImage(a), readImage(b)];
  if (!left?.tag || !right?.tag || repositoryName(left) !== repositoryName(right)) return undefined;
  const [x, y] = [parseVersion(left.tag), parseVersion(right.tag)];
  return x && y && comparable(x, y) ? compareVersions(x, y) : undefined;
}

/** Whether `a` is below `b` as far as that can be told, also across variants and numbers of parts. */
export function lower(a: string, b: string): boolean {
  const [left, right] = [readImage(a), readImage(b)];
  if (!left?.tag || !right?.tag || repositoryName(left) !== repositoryName(right)) return false;
  const [x, y] = [parseVersion(left.tag), parseVersion(right.tag)];
  return x !== undefined && y !== undefined && isLower(x, y);
}
