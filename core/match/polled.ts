import { isRange } from "../charts/range.ts";
import type { PolicyName } from "../policy/types.ts";
import { followedTag } from "../policy/judge.ts";
import type { PolledArtifact } from "../plugin.ts";
import { readAs } from "../updates/compare.ts";
import { repositoryOf } from "./repository.ts";
import { tracksImage, type WorkloadSettings } from "../annotations.ts";
import type { Workload } from "./workload.ts";

/** What there is to poll for workloads that ask for it: one entry per repository and interval, however many use it. Pure. */
export function polledArtifacts(workloads: Iterable<Workload>): PolledArtifact[] {
  const found = new Map<string, PolledArtifact>();
  for (const workload of workloads) {
    if (!asksForPolls(workload)) continue;
    const { settings, slots } = workload;
    for (const slot of slots) {
      const { type, current } = slot;
      const [reference, repository] = [readAs(slot, current), repositoryOf(slot)];
      if (!reference || repository === undefined || (type === "image" && !tracksImage(settings, current))) continue;
      if (type === "chart" && !looksAtVersions(settings.policy.name, reference.tag ?? "")) continue;
      const followed = settings.policy.name === "force" ? followedTag(reference) : undefined;
      if (settings.policy.name === "force" && followed === undefined) continue;
      const key = `${type} ${repository} ${settings.pollingInterval}`;
      const entry: PolledArtifact = found.get(key) ?? {
        artifact: { type, repository },
        interval: settings.pollingInterval,
        wantsTags: false,
        followedTags: [],
      };
      found.set(key, entry);
      if (followed === undefined) entry.wantsTags = true;
      else if (!entry.followedTags.includes(followed)) entry.followedTags.push(followed);
    }
  }
  return [...found.values()];
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
