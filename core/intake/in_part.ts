import { containersOf, isForSame, passedOver, stillToMove } from "../requests/containers.ts";
import { isNonEmpty, isOneGroup, type SlotGroup } from "../workloads/slot_group.ts";
import { isFinished } from "../requests/cache.ts";
import { isByHand, isProposal, typeOf, type UpdateRequest } from "../requests/update_request.ts";
import { isSameVersion } from "../versions/compare.ts";
import { canRecreate } from "../requests/recreate.ts";
import type { NewUpdateRequest } from "../requests/store.ts";
import type { Slot } from "../plugin.ts";
import type { Workload } from "../workloads/workload.ts";

/** What is there already of what is wanted, and what is left to be asked for. */
export interface InPart {
  /** Requests for the same version that are for some of its containers, or for others with them. */
  standing: readonly UpdateRequest[];
  /** Those that no such request is for; none where what became of one of them counts for all. */
  rest: SlotGroup | undefined;
}

/**
 * Requests were made for each container before those of one version moved together, and a pod may have had other containers when
 * one was made. One that goes on moves its own; one that ended on purpose, as by a person who rejected it, counts for all
 * that would move with its container now.
 */
export function inPart(
  request: NewUpdateRequest,
  slots: SlotGroup,
  workload: Workload,
  requests: readonly UpdateRequest[],
): InPart {
  const { newImage, updateType } = request.spec;
  const names = containersOf(request);
  const others = requests.filter((other) =>
    other.spec.updateType === updateType && isSameVersion(other.spec.newImage, newImage) &&
    !isForSame(other, request) &&
    containersOf(other).some((name) => names.includes(name))
  );
  if (others.length === 0) return { standing: others, rest: slots };
  const shared = (other: UpdateRequest): Slot => slots.find(({ name }) => containersOf(other).includes(name))!;
  const ended = others.find((other) =>
    isFinished(other) && !isByHand(other) && !names.every((name) => passedOver(other, workload, name)) &&
    !canRecreate(other, { workload, slot: shared(other) })
  );
  if (ended) return { standing: [ended], rest: undefined };
  const standing = others.filter((other) => {
    const own = stillToMove(other, workload);
    return !isFinished(other) && !isProposal(other) && isOneGroup(own) && typeOf(other) === "image";
  });
  const moving = new Set(standing.flatMap((other) => stillToMove(other, workload).map(({ name }) => name)));
  const rest = slots.filter(({ name }) => !moving.has(name));
  return { standing, rest: isNonEmpty(rest) ? rest : undefined };
}
