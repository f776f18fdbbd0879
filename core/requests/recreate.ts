import { isFinished } from "./cache.ts";
import { isSameVersion } from "../versions/compare.ts";
import { lastEntry } from "./history.ts";
import { readHolds } from "./holds.ts";
import type { UpdateRequest } from "./update_request.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/** Why a request gave way without that anybody decided on its version. */
const passing = [
  "NotInRegistry",
  "TagMoved",
  "MovedBack",
  "Moved",
  "MovedApart",
  "PolicyRefuses",
  "ImageLeftOut",
  "EventSourceRefuses",
  "Unmanaged",
  "Resumed",
];

/**
 * Whether a finished request may be made anew for the same version. One that failed because the registry did not have
 * the version yet, or that gave way to what has passed since: yes. One that was applied: if a person has let the version
 * go since it was left, or if Headwind itself has moved the container on, as when a mutable tag goes back to an old
 * digest; where a person moved it, the version was left on purpose.
 */
export function canRecreate(request: UpdateRequest, { workload, slot }: SlotRef): boolean {
  if (!isFinished(request)) return false;
  const { phase, conditions, appliedAt = "" } = request.status!;
  const because = (type: string) => conditions?.find((condition) => condition.type === type)?.reason ?? "";
  if (phase === "Superseded" && appliedAt) return true;
  if (phase === "Superseded" || (phase === "Failed" && !appliedAt)) return passing.includes(because("Applied"));
  if (phase !== "Completed" && phase !== "RolledBack" && phase !== "Failed") return false;
  const { newImage } = request.spec;
  const resumed = readHolds(workload.annotations.held).some(({ container, image, at, resumedAt }) =>
    container === slot.name && image !== undefined && isSameVersion(image, newImage) &&
    at >= appliedAt && resumedAt !== undefined
  );
  if (resumed || phase === "Failed") return resumed;
  const last = lastEntry(workload.annotations.history, slot.name);
  return last !== undefined && !last.rollback && last.image === slot.current &&
    last.updateRequestName !== request.metadata.name;
}
