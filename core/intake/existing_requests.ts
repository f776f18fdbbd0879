import { containersOf, isFor, isForSame, passedOver, stillToMove } from "../requests/containers.ts";
import { isNonEmpty, isOneGroup, type SlotGroup } from "../workloads/slot_group.ts";
import { compareReferences, isSameVersion } from "../versions/compare.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import { hasEnded, isByHand, isFinished, isProposal, typeOf, type UpdateRequest } from "../requests/update_request.ts";
import { canRecreate } from "../requests/recreate.ts";
import type { NewUpdateRequest } from "../requests/store.ts";
import type { Slot } from "../plugin.ts";
import type { Workload } from "../workloads/workload.ts";

/** What is requested already of an update, and what is left to be requested. */
export interface Remainder {
  /** Requests for the same version that are for some of its containers, or for others with them. */
  existing: readonly UpdateRequest[];
  /** Those that no such request is for; none where what became of one of them counts for all. */
  rest: SlotGroup | undefined;
}

/**
 * Requests were made for each container before those of one version moved together, and a pod may have had other containers when
 * one was made. One that goes on moves its own; one that ended on purpose, as by a person who rejected it, counts for all
 * that would move with its container now.
 */
export function remainderOf(
  request: Pick<NewUpdateRequest, "spec">,
  slots: SlotGroup,
  workload: Workload,
  requests: readonly UpdateRequest[],
): Remainder {
  const { newImage, updateType } = request.spec;
  const names = containersOf(request);
  const others = requests.filter((other) =>
    other.spec.updateType === updateType && isSameVersion(other.spec.newImage, newImage) &&
    !isForSame(other, request) &&
    containersOf(other).some((name) => names.includes(name))
  );
  if (others.length === 0) return { existing: others, rest: slots };
  const shared = (other: UpdateRequest): Slot => slots.find(({ name }) => containersOf(other).includes(name))!;
  const ended = others.find((other) =>
    isFinished(other) && !isByHand(other) && !names.every((name) => passedOver(other, workload, name)) &&
    !canRecreate(other, { workload, slot: shared(other) })
  );
  if (ended) return { existing: [ended], rest: undefined };
  const existing = others.filter((other) => {
    const own = stillToMove(other, workload);
    return !isFinished(other) && !isProposal(other) && isOneGroup(own) && typeOf(other) === "image";
  });
  const moving = new Set(existing.flatMap((other) => stillToMove(other, workload).map(({ name }) => name)));
  const rest = slots.filter(({ name }) => !moving.has(name));
  return { existing, rest: isNonEmpty(rest) ? rest : undefined };
}

/** Of a container: more make each of its workload's steps slow, and come only of somebody who makes versions up. */
export const MAX_UNFINISHED = 20;
/** Of a container, of which each is newer than all before it: the newest is what its workload is to come to. */
const MAX_RISING = 100;
/** Of a workload, of which each container has its share, but never less than `MAX_UNFINISHED`. */
const MAX_OF_WORKLOAD = 2000;

/**
 * Whether a container has as many unfinished requests as it may have. Those of held versions are not counted, since they stay
 * for as long as these are held, nor those made by hand: who may only propose would keep every update away.
 *
 * @param requests all of the workload
 */
export function exceedsLimit(
  { spec }: Pick<NewUpdateRequest, "spec">,
  { workload, slot }: SlotRef,
  requests: readonly UpdateRequest[],
): boolean {
  const unfinished = requests.filter((request) =>
    isFor(request, slot.name) && !isByHand(request) && !hasEnded(request)
  );
  if (unfinished.length < MAX_UNFINISHED) return false;
  const isNewest = unfinished.every((other) =>
    (compareReferences(slot.type, spec.newImage, other.spec.newImage) ?? 0) > 0
  );
  const share = Math.max(MAX_UNFINISHED, Math.floor(MAX_OF_WORKLOAD / workload.slots.length));
  return !isNewest || unfinished.length >= Math.min(MAX_RISING, share);
}
