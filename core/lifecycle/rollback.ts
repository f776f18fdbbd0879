import { type HistoryEntry, lastEntry, readHistory } from "../requests/history.ts";
import { isSameVersion } from "../versions/compare.ts";
import type { Move } from "./step.ts";
import type { Slot } from "../plugin.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";

/**
 * The image that a container goes back to from its last change: the latest before it that was verified, or that a person
 * put there. Undefined where the history knows none. Never one that was rolled back, and never from a rollback.
 */
export function rollbackTarget(history: string | undefined, container: string): string | undefined {
  const entries = readHistory(history).filter((entry) => entry.container === container);
  const [last, ...before] = entries;
  if (!last || last.rollback) return undefined;
  return verifiedBefore(last, before, entries);
}

/**
 * What containers that were changed together go back to, each to its own: as `rollbackTarget` where that is one version for all
 * of them, else to what ran before the change, so that they stay together. Undefined where the history knows none that was
 * not itself taken back.
 */
export function rollbackMoves(history: string | undefined, slots: SlotGroup): readonly [Move, ...Move[]] | undefined {
  const move = (slot: Slot, image: string | undefined): Move[] =>
    image?.startsWith(slot.prefix) ? [{ slot, image }] : [];
  const whole = (moves: Move[]) => moves.length === slots.length && isOneVersion(moves) ? moves : undefined;
  const targets = whole(slots.flatMap((slot) => move(slot, rollbackTarget(history, slot.name))));
  if (targets || slots.length === 1) return targets;
  const left = readHistory(history).flatMap(({ container, rollback }) =>
    rollback && slots.some(({ name }) => name === container) ? [rollback.of] : []
  );
  return whole(slots.flatMap((slot) => {
    const { previousImage = "", rollback } = lastEntry(history, slot.name) ?? {};
    return rollback || left.some((other) => isSameVersion(previousImage, other)) ? [] : move(slot, previousImage);
  }));
}

const isOneVersion = (moves: Move[]): moves is [Move, ...Move[]] =>
  moves.length > 0 && moves.every(({ image }) => isSameVersion(image, moves[0]!.image));

function verifiedBefore(
  last: HistoryEntry,
  before: readonly HistoryEntry[],
  entries: readonly HistoryEntry[],
): string | undefined {
  const left = entries.flatMap(({ rollback }) => rollback ? [rollback.of] : []);
  const isGood = (image: string) =>
    !isSameVersion(image, last.image) && !left.some((other) => isSameVersion(image, other));
  const appliedByUs = (image: string) => before.find((entry) => isSameVersion(entry.image, image));
  const { previousImage } = last;
  if (previousImage !== undefined && isGood(previousImage)) {
    const entry = appliedByUs(previousImage);
    if (!entry || entry.verified || entry.rollback) return previousImage;
  }
  return before.find(({ image, verified }) => verified && isGood(image))?.image ??
    before.findLast(({ previousImage }) =>
      previousImage !== undefined && isGood(previousImage) && !appliedByUs(previousImage)
    )
      ?.previousImage;
}

/**
 * The image that a person's rollback goes to: a named entry of the history, or else what ran before the last change, but
 * nothing that was itself taken back: the same wish, sent twice, does not undo itself. Undefined where the history knows
 * none.
 */
export function namedTarget(
  history: string | undefined,
  container: string,
  current: string,
  image?: string,
): string | undefined {
  const entries = readHistory(history).filter((entry) => entry.container === container);
  const known = entries.flatMap((entry) => [entry.image, entry.previousImage ?? entry.image])
    .filter((one) => !isSameVersion(one, current));
  if (image !== undefined) {
    return known.find((one) => one === image || isSameVersion(one, image) || one.endsWith(`:${image}`));
  }
  const last = entries.find((entry) => isSameVersion(entry.image, current));
  const left = entries.flatMap(({ rollback }) => rollback ? [rollback.of] : []);
  return [...last?.previousImage ? [last.previousImage] : [], ...known].find((one) =>
    !isSameVersion(one, current) && !left.some((other) => isSameVersion(one, other))
  );
}
