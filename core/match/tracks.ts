import type { WorkloadSettings } from "../annotations.ts";
import { tracksImage } from "../annotations.ts";
import type { Sighting, Slot } from "../plugin.ts";

/**
 * Whether a workload's annotations let this kind of sighting reach this slot. Not every registry tells a chart from an
 * image: what a webhook calls an image may be a chart, which the registry is asked about before anything is stored.
 */
export function tracks(settings: WorkloadSettings, slot: Slot, sighting: Sighting): boolean {
  const { policy, eventSource, pollingInterval } = settings;
  if (slot.type === "chart" && sighting.via === "polling" && sighting.artifact.type !== "chart") return false;
  if (policy.name === "none" || !hearsOf({ eventSource }, sighting.via)) return false;
  if (sighting.intervals && !sighting.intervals.includes(pollingInterval)) return false;
  return (slot.type === "chart" || sighting.artifact.type === "image") && tracksSlot(settings, slot);
}

/** Whether `headwind.sh/event-source` lets what came this way bring versions. */
export const hearsOf = ({ eventSource }: Pick<WorkloadSettings, "eventSource">, via: Sighting["via"]): boolean =>
  eventSource === "both" || eventSource === via;

/** Whether `headwind.sh/images` lets a slot in: of charts it says nothing. */
export function tracksSlot(settings: WorkloadSettings, { type, current }: Slot): boolean {
  return type === "chart" || tracksImage(settings, current);
}
