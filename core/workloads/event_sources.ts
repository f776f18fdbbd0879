import { matchesName } from "../versions/image_names.ts";
import type { WorkloadSettings } from "./annotations.ts";
import type { PolledArtifact, Sighting, Slot } from "../plugin.ts";
import { isRange } from "../versions/range.ts";
import { definitionOf } from "../policy/policies.ts";
import { followedTag } from "../policy/policy.ts";
import { readAs } from "../versions/compare.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import type { SlotRef } from "./workload_index.ts";
import type { Workload } from "./workload.ts";

/** Why a kind of sighting does not reach a slot. */
export type Exclusion = "policy-none" | "event-source" | "interval" | "images" | "other-type";

/**
 * Why a workload's annotations do not let this kind of sighting reach this slot; undefined where they do. Not every registry tells
 * a chart from an image: what a webhook calls an image may be a chart, which the registry is asked about before anything is stored.
 */
export function exclusionOf(settings: WorkloadSettings, slot: Slot, sighting: Sighting): Exclusion | undefined {
  const { policy, eventSource, pollingInterval } = settings;
  if (slot.type === "chart" && sighting.via !== "webhook" && sighting.artifact.type !== "chart") return "other-type";
  if (definitionOf(policy).follows === "nothing") return "policy-none";
  if (!acceptsSource({ eventSource }, sighting.via)) return "event-source";
  if (sighting.intervals && !sighting.intervals.includes(pollingInterval)) return "interval";
  if (slot.type !== "chart" && sighting.artifact.type !== "image") return "other-type";
  return includesSlot(settings, slot) ? undefined : "images";
}

/** `untracked` as a sentence without a full stop. */
export function explainExclusion(why: Exclusion, { policy, eventSource, pollingInterval }: WorkloadSettings): string {
  switch (why) {
    case "policy-none":
      return `policy ${policy.name} takes nothing`;
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

/** Whether `headwind.sh/event-source` lets what came this way bring versions: what is asked for is let in by all but `none`. */
export const acceptsSource = ({ eventSource }: Pick<WorkloadSettings, "eventSource">, via: Sighting["via"]): boolean =>
  via === "check" ? eventSource !== "none" : eventSource === "both" || eventSource === via;

/** Whether `headwind.sh/images` lets a slot in: of charts it says nothing. */
export function includesSlot(settings: WorkloadSettings, { type, current }: Slot): boolean {
  return type === "chart" || includesImage(settings, current);
}

/** What there is to poll for workloads that ask for it: one entry per repository and interval, however many use it. Pure. */
export function polledArtifacts(workloads: Iterable<Workload>): PolledArtifact[] {
  const found = new Map<string, Pick<PolledArtifact, "artifact" | "interval"> & PollQueries>();
  for (const workload of workloads) {
    if (!isPolled(workload)) continue;
    const { settings, slots } = workload;
    for (const slot of slots) {
      const { type } = slot;
      const [query, repository] = [pollQueryOf(settings, slot), repositoryOf(slot)];
      if (!query || repository === undefined) continue;
      const key = `${type} ${repository} ${settings.pollingInterval}`;
      const entry = found.get(key) ??
        { artifact: { type, repository }, interval: settings.pollingInterval, ...noPollQueries() };
      found.set(key, entry);
      addPollQuery(entry, query);
    }
  }
  return [...found.values()].map((entry) => ({ ...entry, followedTags: [...entry.followedTags] }));
}

/** What a poll is to read for a slot: all versions, or the digest of one tag. */
export type PollQuery = "tags" | { followed: string };

/** What a poll is to read for a slot, where its workload asks for polls; one of these intervals, if they are given. */
export function pollQueryFor({ workload, slot }: SlotRef, intervals?: readonly number[]): PollQuery | undefined {
  if (!isPolled(workload)) return undefined;
  if (intervals && !intervals.includes(workload.settings.pollingInterval)) return undefined;
  return pollQueryOf(workload.settings, slot);
}

/** What is to be read for a slot when somebody asks for its workload to be looked at. */
export function checkQueryFor({ workload: { settings }, slot }: SlotRef): PollQuery | undefined {
  if (!settings || !acceptsSource(settings, "check") || definitionOf(settings.policy).follows === "nothing") {
    return undefined;
  }
  return pollQueryOf(settings, slot);
}

/** What all that share a poll want of it. */
export interface PollQueries {
  wantsTags: boolean;
  followedTags: Set<string>;
}

export const noPollQueries = (): PollQueries => ({ wantsTags: false, followedTags: new Set() });

/** Adds a query to the others of the same poll. */
export function addPollQuery(to: PollQueries, query: PollQuery): void {
  if (query === "tags") to.wantsTags = true;
  else to.followedTags.add(query.followed);
}

function pollQueryOf(settings: WorkloadSettings, slot: Slot): PollQuery | undefined {
  const { type, current } = slot;
  const reference = readAs(slot, current);
  if (!reference || (type === "image" && !includesImage(settings, current))) return undefined;
  const { follows, raisesRanges } = definitionOf(settings.policy);
  // a chart has no digest to follow, and within a range Flux moves by itself
  if (type === "chart" && (follows === "digest" || !raisesRanges && isRange(reference.tag ?? ""))) return undefined;
  if (follows !== "digest") return "tags";
  const followed = followedTag(reference);
  return followed === undefined ? undefined : { followed };
}

/** Whether polls may bring versions to a workload. */
export function isPolled(workload: Workload): workload is Workload & { settings: WorkloadSettings } {
  const { settings } = workload;
  return settings !== undefined && definitionOf(settings.policy).follows !== "nothing" &&
    (settings.eventSource === "polling" || settings.eventSource === "both");
}

/** Whether `headwind.sh/images` lets a container's image in. */
export function includesImage({ images }: WorkloadSettings, image: string): boolean {
  return images.length === 0 || matchesName(images, image);
}
