import { keyOf, type SlotRef } from "../workloads/workload_index.ts";
import type { SightingResult } from "../plugin.ts";

/** Why containers that a sighting reached are left as they are: of the first ones a sentence each, and how many more there are. */
export interface Left {
  /** `why` is asked only where there is room for it. */
  leave(slotRef: SlotRef, why: () => string): void;
  /** Undefined where none is, or nobody is to be told. */
  told(): SightingResult["left"];
}

/** Of which the reasons are told. */
export const MOST_LEFT = 20;
const longest = 512;

/** `isTold`: whether who said it may learn of the workloads. */
export function createLeft(isTold: boolean): Left {
  const reasons: string[] = [];
  let count = 0;
  return {
    leave(slotRef, why) {
      if (!isTold) return;
      if (count++ < MOST_LEFT) {
        reasons.push(`${keyOf(slotRef.workload)} ${slotRef.slot.name}: ${why()}`.slice(0, longest));
      }
    },
    told: () => count === 0 ? undefined : { reasons, count },
  };
}
