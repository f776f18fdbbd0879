import { definitionOf, POLICIES } from "../policy/policies.ts";
import { isRange } from "../versions/range.ts";
import type { Slot } from "../plugin.ts";
import { readAs } from "../versions/compare.ts";
import { includesSlot } from "../workloads/event_sources.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Candidate } from "../policy/policy.ts";
import { decide } from "../policy/decide.ts";

/** Why no version at all is taken for a container, in a sentence; undefined where each has its own reason. Pure. */
export function reasonForNone({ settings, mistakes }: Workload, slot: Slot): string | undefined {
  const { type, current, name, source } = slot;
  if (mistakes.length > 0) {
    return `its annotations cannot be read: ${mistakes.map(({ message }) => message).join("; ")}`;
  }
  if (!settings) return "Headwind does not look after it: it has no headwind.sh/policy";
  const { name: policy, follows } = definitionOf(settings.policy);
  if (follows === "nothing") return `policy ${policy} takes nothing`;
  if (!readAs(slot, current)) {
    return type === "chart" ? `${current} names no chart and version` : `the image of ${name} is no image reference`;
  }
  if (!includesSlot(settings, slot)) return "headwind.sh/images leaves its image out";
  if (type !== "chart") return undefined;
  if (!source) return "where the chart comes from is not known, so nothing tells which versions there are";
  if (follows === "digest") return `policy ${policy} follows the digest of a tag, which no chart's version has`;
  return undefined;
}

/** The range of versions that a chart's version is; undefined where it is one version. */
export function rangeOf(slot: Slot): string | undefined {
  const tag = slot.type === "chart" ? readAs(slot, slot.current)?.tag : undefined;
  return tag !== undefined && isRange(tag) ? tag : undefined;
}

/** Of a chart whose version is a range, within which Flux moves by itself. */
export interface RangeReport {
  written: string;
  /** The version that it stands for now, as Flux has released it. */
  resolved?: string;
  /** What policy `major` would write in its place, for which version; absent where it would leave it. */
  major?: { range: string; version: string };
}

/** The policy that writes new ranges. */
export const RANGE_POLICY = POLICIES.find(({ raisesRanges }) => raisesRanges)!;

/** Undefined where the slot's version is no range. Pure. */
export function reportRange(slot: Slot, candidates: readonly Candidate[]): RangeReport | undefined {
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
