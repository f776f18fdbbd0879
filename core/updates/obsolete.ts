import { decide } from "../policy/decide.ts";
import { isSameVersion, lower, readImage, runs, sameRepository } from "./compare.ts";
import type { Hold } from "./holds.ts";
import type { Slot } from "../plugin.ts";
import type { Standing } from "./standing.ts";
import type { UpdateRequest } from "./update_request.ts";
import type { Workload } from "../match/workload.ts";

/**
 * Whether the workload has moved, or its annotations say now, that a request is not to be applied any more. `held` are
 * the holds on its container: where what ran before was rolled back, newer versions are still wanted.
 */
export function noLongerWanted(
  request: UpdateRequest,
  workload: Workload,
  slot: Slot,
  held: readonly Hold[] = [],
): Standing | undefined {
  const { spec } = request;
  const moved = !runs(slot.current, spec.currentImage);
  if (lower(spec.newImage, slot.current)) {
    return moved
      ? { phase: "Superseded", reason: "Newer", message: `${slot.name} runs ${slot.current}, which is newer` }
      : {
        phase: "Failed",
        reason: "Downgrade",
        message: `${spec.newImage} is lower than ${slot.current}: only a rollback lowers`,
      };
  }
  const rolledBack = held.some(({ image }) => image !== undefined && isSameVersion(image, spec.currentImage));
  if (moved && !rolledBack && lower(slot.current, spec.currentImage)) {
    const message = `${slot.name} was moved back to ${slot.current} since: left as it is`;
    return { phase: "Superseded", reason: "MovedBack", message };
  }
  if (!spec.sighting || !sameRepository(slot.current, spec.newImage)) {
    if (!moved) return undefined;
    const message = `${slot.name} runs ${slot.current}, not ${spec.currentImage} as the request says`;
    return { phase: "Superseded", reason: "Moved", message };
  }
  if (spec.decision?.approved) return undefined;
  if (!workload.settings) {
    if (workload.mistakes.length > 0) return undefined;
    return {
      phase: "Superseded",
      reason: "Unmanaged",
      message: "the workload has no headwind.sh annotations any more",
    };
  }
  const [current, wanted] = [readImage(slot.current), readImage(spec.newImage)];
  const { policy } = workload.settings;
  const candidate = { tag: wanted?.tag ?? "", ...(wanted?.digest ? { digest: wanted.digest } : {}) };
  const decision = decide({ policy, current: current ?? {}, candidates: [candidate], complete: false });
  if (decision.wanted) return undefined;
  return { phase: "Superseded", reason: "PolicyRefuses", message: `not wanted any more: ${decision.message}` };
}
