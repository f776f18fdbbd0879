import { conditionOf, isFinished, phaseOf, type UpdateRequest } from "./update_request.ts";
import { isSameVersion } from "../versions/compare.ts";
import { lastEntry } from "./history.ts";
import { phaseFacts } from "./phases.ts";
import { readHolds } from "./holds.ts";
import { reasonFacts } from "./reasons.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/**
 * Whether a finished request may be created again for the same version, as the tables of phases and reasons have it. One that
 * failed because the registry did not have the version yet, or that gave way to what has passed since: yes. One that was applied:
 * if a person has let the version go since it was left, or if Headwind itself has moved the container on, as when a mutable
 * tag goes back to an old digest; where a person moved it, the version was left on purpose.
 */
export function canRecreate(request: UpdateRequest, slotRef: SlotRef): boolean {
  if (!isFinished(request)) return false;
  const { recreate } = phaseFacts(phaseOf(request));
  switch (recreate && (request.status!.appliedAt ? recreate.applied : recreate.unapplied)) {
    case "always":
      return true;
    case "by reason":
      return reasonFacts(conditionOf(request, "Applied")?.reason)?.canRecreate ?? false;
    case "resumed":
      return isResumed(request, slotRef);
    case "resumed or moved on":
      return isResumed(request, slotRef) || hasMovedOn(request, slotRef);
    case undefined:
      return false;
  }
}

/** Whether a person has let its version go since it was brought in. */
function isResumed({ spec: { newImage }, status }: UpdateRequest, { workload, slot }: SlotRef): boolean {
  return readHolds(workload.annotations.held).some(({ container, image, at, resumedAt }) =>
    container === slot.name && image !== undefined && isSameVersion(image, newImage) &&
    at >= (status?.appliedAt ?? "") && resumedAt !== undefined
  );
}

/** Whether Headwind itself has brought in what runs, by another request. */
function hasMovedOn({ metadata }: UpdateRequest, { workload, slot }: SlotRef): boolean {
  const last = lastEntry(workload.annotations.history, slot.name);
  return last !== undefined && !last.rollback && last.image === slot.current &&
    last.updateRequestName !== metadata.name;
}
