import { definitionOf } from "../../../core/policy/policies.ts";
import { isRange } from "../../../core/versions/range.ts";
import type { Slot } from "../../../core/plugin.ts";
import { readAs } from "../../../core/versions/compare.ts";
import { includesSlot } from "../../../core/workloads/event_sources.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

/** Why no version at all is taken for a container, in a sentence; undefined where each has its own reason. Pure. */
export function whyNothing({ settings, mistakes }: Workload, slot: Slot): string | undefined {
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
