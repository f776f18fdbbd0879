import type { WorkloadSettings } from "../annotations.ts";
import { tracksImage } from "../annotations.ts";
import type { Sighting, Slot } from "../plugin.ts";

/** Whether a workload's annotations let this kind of sighting reach this container. */
export function tracks(settings: WorkloadSettings, slot: Slot, sighting: Sighting): boolean {
  const { policy, eventSource, pollingInterval } = settings;
  if (policy.name === "none") return false;
  if (eventSource !== "both" && eventSource !== sighting.via) return false;
  if (sighting.intervals && !sighting.intervals.includes(pollingInterval)) return false;
  return tracksImage(settings, slot.current);
}
