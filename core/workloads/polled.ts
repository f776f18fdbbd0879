import { isRange } from "../versions/range.ts";
import type { PolicyName } from "../policy/types.ts";
import { followedTag } from "../policy/judge.ts";
import type { PolledArtifact, Slot } from "../plugin.ts";
import { readAs } from "../versions/compare.ts";
import { repositoryOf } from "../versions/repository_name.ts";
import { tracksImage, type WorkloadSettings } from "./annotations.ts";
import type { Use } from "./index.ts";
import type { Workload } from "./workload.ts";

/** What there is to poll for workloads that ask for it: one entry per repository and interval, however many use it. Pure. */
export function polledArtifacts(workloads: Iterable<Workload>): PolledArtifact[] {
  const found = new Map<string, Pick<PolledArtifact, "artifact" | "interval"> & Wishes>();
  for (const workload of workloads) {
    if (!asksForPolls(workload)) continue;
    const { settings, slots } = workload;
    for (const slot of slots) {
      const { type } = slot;
      const [wish, repository] = [wishOf(settings, slot), repositoryOf(slot)];
      if (!wish || repository === undefined) continue;
      const key = `${type} ${repository} ${settings.pollingInterval}`;
      const entry = found.get(key) ??
        { artifact: { type, repository }, interval: settings.pollingInterval, ...noWishes() };
      found.set(key, entry);
      addWish(entry, wish);
    }
  }
  return [...found.values()].map((entry) => ({ ...entry, followedTags: [...entry.followedTags] }));
}

/** What a poll is to read for a slot: all versions, or the digest of one tag. */
export type Wish = "tags" | { followed: string };

/** What a use of an artifact wants of a poll, where its workload asks for polls; one of these intervals, if they are given. */
export function polledFor({ workload, slot }: Use, intervals?: readonly number[]): Wish | undefined {
  if (!asksForPolls(workload)) return undefined;
  if (intervals && !intervals.includes(workload.settings.pollingInterval)) return undefined;
  return wishOf(workload.settings, slot);
}

/** What all that share a poll want of it. */
export interface Wishes {
  wantsTags: boolean;
  followedTags: Set<string>;
}

export const noWishes = (): Wishes => ({ wantsTags: false, followedTags: new Set() });

/** Adds a wish to what others want of the same poll. */
export function addWish(to: Wishes, wish: Wish): void {
  if (wish === "tags") to.wantsTags = true;
  else to.followedTags.add(wish.followed);
}

function wishOf(settings: WorkloadSettings, slot: Slot): Wish | undefined {
  const { type, current } = slot;
  const reference = readAs(slot, current);
  if (!reference || (type === "image" && !tracksImage(settings, current))) return undefined;
  if (type === "chart" && !looksAtVersions(settings.policy.name, reference.tag ?? "")) return undefined;
  if (settings.policy.name !== "force") return "tags";
  const followed = followedTag(reference);
  return followed === undefined ? undefined : { followed };
}

/** Whether polls may bring versions to a workload. */
export function asksForPolls(workload: Workload): workload is Workload & { settings: WorkloadSettings } {
  const { settings } = workload;
  return settings !== undefined && settings.policy.name !== "none" &&
    (settings.eventSource === "polling" || settings.eventSource === "both");
}

/** A chart has no digest that `force` could follow, and within a range Flux moves by itself. */
const looksAtVersions = (policy: PolicyName, version: string): boolean =>
  policy !== "force" && (policy === "major" || !isRange(version));
