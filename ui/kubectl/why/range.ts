import type { Candidate } from "../../../core/policy/policy.ts";
import { decide } from "../../../core/policy/decide.ts";
import { POLICIES } from "../../../core/policy/policies.ts";
import type { Slot } from "../../../core/plugin.ts";
import { rangeOf } from "./nothing.ts";

/** Of a chart whose version is a range, within which Flux moves by itself. */
export interface RangeStory {
  written: string;
  /** The version that it stands for now, as Flux has released it. */
  resolved?: string;
  /** What policy `major` would write in its place, for which version; absent where it would leave it. */
  major?: { range: string; version: string };
}

/** The policy that writes new ranges. */
export const RANGE_POLICY = POLICIES.find(({ raisesRanges }) => raisesRanges)!;

/** Undefined where the slot's version is no range. Pure. */
export function rangeStory(slot: Slot, candidates: readonly Candidate[]): RangeStory | undefined {
  const written = rangeOf(slot);
  if (written === undefined) return undefined;
  const input = { policy: RANGE_POLICY, type: "chart", current: { tag: written }, complete: true } as const;
  const { wanted, verdicts } = decide({ ...input, candidates });
  const taken = verdicts.find(({ taken }) => taken);
  return {
    written,
    ...(slot.resolved ? { resolved: slot.resolved } : {}),
    ...(wanted && taken ? { major: { range: wanted.tag, version: taken.candidate.tag } } : {}),
  };
}

/** Whether it is the version that a range stands for now. To that of an OCIRepository Flux appends a piece of its digest. */
export function isResolved({ resolved }: Slot, version: string): boolean {
  return resolved !== undefined && (resolved === version || resolved.replace(/\+.*/, "") === version);
}
