import { areTogether } from "../workloads/together.ts";
import { containersOf } from "./containers.ts";
import { readHistory } from "./history.ts";
import { runs } from "../versions/compare.ts";
import type { Slot } from "../plugin.ts";
import type { UpdateRequest } from "./update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/** Those slots of the workload that a request is for, the one of `containerName` first. */
export const slotsOf = (request: UpdateRequest, { slots }: Workload): Slot[] =>
  containersOf(request).flatMap((container) => slots.find(({ name }) => name === container) ?? []);

/**
 * What is left to be moved of containers that were to move together: a person may have taken some of them out, or moved them. Where an
 * approval is for all of them, and they run different versions now, they are given as they are, and it is not for them.
 */
export function stillToMove(request: UpdateRequest, workload: Workload): Slot[] {
  const { newImage, currentImage, decision, requireApproval } = request.spec;
  const slots = slotsOf(request, workload);
  if (containersOf(request).length === 1) return slots;
  const left = slots.filter(({ current }) => !runs(current, newImage));
  if (areTogether(left)) return left;
  const asItWas = left.filter(({ current }) => runs(current, currentImage));
  const isApproved = decision !== undefined || requireApproval !== false;
  return isApproved || asItWas.length === 0 || !areTogether(asItWas) ? slots : asItWas;
}

/**
 * Those slots of a request that was applied which it changed. The history may tell that it passed some over: they had been moved, or a
 * Headwind that was older moved the first alone.
 */
export function changedBy(request: UpdateRequest, workload: Workload): Slot[] {
  const changed = changedNames(request, workload);
  const slots = slotsOf(request, workload);
  return changed.length === 0 ? slots : slots.filter(({ name }) => changed.includes(name));
}

/** Whether the history tells that a request changed others of its containers, and not this one. */
export function passedOver(request: UpdateRequest, workload: Workload, container: string): boolean {
  const changed = changedNames(request, workload);
  return changed.length > 0 && !changed.includes(container);
}

const changedNames = ({ metadata }: UpdateRequest, { annotations }: Workload): string[] =>
  readHistory(annotations.history).filter(({ updateRequestUid, rollback }) =>
    updateRequestUid === metadata.uid && !rollback
  )
    .map(({ container }) => container);
