import { AUTO_ROLLBACK } from "../workloads/annotations.ts";
import type { PatchOperation } from "../kube/client.ts";
import { applyPatch, holdPatch, rollbackPatch, verifiedPatch } from "./patch.ts";
import type { PatchStep } from "./standing.ts";

/** The JSON patch that does a step. */
export function patchOf(step: PatchStep, now: Date): PatchOperation[] {
  const { request, workload, slots } = step;
  switch (step.type) {
    case "apply":
      return applyPatch(request, workload, slots, now);
    case "mark verified":
      return verifiedPatch(workload, slots);
    case "hold":
      return holdPatch(workload, slots, step.holds);
    case "roll back": {
      const rollback = { by: "headwind", reason: step.reason };
      const { moves } = step;
      return rollbackPatch({ workload, moves, rollback, updateRequest: request, decidedBy: [AUTO_ROLLBACK], now });
    }
  }
}
