import type { WorkloadSettings } from "./annotations.ts";
import { tracksImage } from "./annotations.ts";
import type { Sighting, Slot } from "../plugin.ts";

/** Why a kind of sighting does not reach a slot. */
export type Untracked = "policy-none" | "event-source" | "interval" | "images" | "other-type";

/**
 * Why a workload's annotations do not let this kind of sighting reach this slot; undefined where they do. Not every registry tells
 * a chart from an image: what a webhook calls an image may be a chart, which the registry is asked about before anything is stored.
 */
export function untracked(settings: WorkloadSettings, slot: Slot, sighting: Sighting): Untracked | undefined {
  const { policy, eventSource, pollingInterval } = settings;
  if (slot.type === "chart" && sighting.via === "polling" && sighting.artifact.type !== "chart") return "other-type";
  if (policy.name === "none") return "policy-none";
  if (!hearsOf({ eventSource }, sighting.via)) return "event-source";
  if (sighting.intervals && !sighting.intervals.includes(pollingInterval)) return "interval";
  if (slot.type !== "chart" && sighting.artifact.type !== "image") return "other-type";
  return tracksSlot(settings, slot) ? undefined : "images";
}

/** `untracked` as a sentence without a full stop. */
export function explainUntracked(why: Untracked, { eventSource, pollingInterval }: WorkloadSettings): string {
  switch (why) {
    case "policy-none":
      return "policy none takes nothing";
    case "event-source":
      return `headwind.sh/event-source is ${eventSource}`;
    case "interval":
      return `it is polled for each ${pollingInterval} s`;
    case "images":
      return "headwind.sh/images leaves its image out";
    case "other-type":
      return "of image and chart it is the other";
  }
}

/** Whether `headwind.sh/event-source` lets what came this way bring versions. */
export const hearsOf = ({ eventSource }: Pick<WorkloadSettings, "eventSource">, via: Sighting["via"]): boolean =>
  eventSource === "both" || eventSource === via;

/** Whether `headwind.sh/images` lets a slot in: of charts it says nothing. */
export function tracksSlot(settings: WorkloadSettings, { type, current }: Slot): boolean {
  return type === "chart" || tracksImage(settings, current);
}
