import { followedTag } from "../policy/policy.ts";
import { readAs } from "../versions/compare.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import type { Slot } from "../plugin.ts";

/** What moves together; the first stands for all of them. */
export type SlotGroup = readonly [Slot, ...Slot[]];

/** Whether there is any. */
export const isNonEmpty = <T>(some: readonly T[]): some is readonly [T, ...T[]] => some.length > 0;

/**
 * The slots of a workload that move together with one of its: those of the same repository at the same version, by tag and by
 * digest as they are written. Containers before init containers, each by name, so that the order in which a pod lists them is of
 * no account. A chart moves alone.
 */
export function groupOf(slots: readonly Slot[], slot: Slot): SlotGroup {
  if (slots.length < 2 || slot.type !== "image") return [slot];
  const alike = slots.filter((other) => other === slot || isAlike(other, slot)).sort(inOrder);
  return isNonEmpty(alike) ? alike : [slot];
}

/** Whether all of them are of one repository at one version. */
export function isOneGroup([first, ...others]: readonly Slot[]): boolean {
  return first !== undefined && others.every((other) => isAlike(first, other));
}

function inOrder(a: Slot, b: Slot): number {
  if (a.init !== b.init) return a.init ? 1 : -1;
  return a.name < b.name ? -1 : 1;
}

function isAlike(a: Slot, b: Slot): boolean {
  if (a.type !== "image" || b.type !== "image") return false;
  const repository = repositoryOf(a);
  if (repository === undefined || repository !== repositoryOf(b)) return false;
  if (a.current === b.current) return true;
  const [x, y] = [readAs(a, a.current)!, readAs(b, b.current)!];
  return followedTag(x) === followedTag(y) && x.digest === y.digest;
}
