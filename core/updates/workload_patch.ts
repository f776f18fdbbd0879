import { AUTO_ROLLBACK } from "../annotations.ts";
import { applyPatch, holdPatch, type PatchOperation, rollbackPatch, verifiedPatch } from "./patch.ts";
import type { PatchStep } from "./standing.ts";

/** The JSON patch that does a step. */
export function patchOf(step: PatchStep, now: Date): PatchOperation[] {
  const { request, workload, slot } = step;
  switch (step.type) {
    case "apply":
      return applyPatch(request, workload, slot, now);
    case "mark verified":
      return verifiedPatch(workload, slot);
    case "hold":
      return holdPatch(workload, slot, step.hold);
    case "roll back": {
      const rollback = { by: "headwind", reason: step.reason };
      return rollbackPatch({
        workload,
        slot,
        image: step.image,
        rollback,
        updateRequest: request,
        decidedBy: [AUTO_ROLLBACK],
        now,
      });
    }
  }
}
