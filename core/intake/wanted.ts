import { readImage } from "../updates/compare.ts";
import type { Candidate, Decision, PolicyInput, VersionRef } from "../policy/types.ts";
import { decide } from "../policy/decide.ts";
import { followedTag } from "../policy/judge.ts";
import type { Use } from "../match/index.ts";
import type { Sighting } from "../plugin.ts";
import { tracks } from "../match/tracks.ts";

/** What a container is to move to. */
export interface Want {
  use: Use;
  candidate: Candidate;
  /** Why, in a sentence. */
  reason: string;
}

/**
 * The containers that a sighting moves, by their annotations and policies. Pure. Containers of equal policy and version
 * share one decision, so a poll of many workloads costs one walk of the tag list per distinct case.
 */
export function wanted(sighting: Sighting, uses: readonly Use[]): Want[] {
  const decided = new Map<string, Decision>();
  const wants: Want[] = [];
  for (const use of uses) {
    const settings = use.workload.settings;
    const current = readImage(use.slot.current);
    if (!settings || !current || !tracks(settings, use.slot, sighting)) continue;
    const { policy } = settings;
    const key = `${policy.name}\n${policy.pattern ?? ""}\n${current.tag ?? ""}\n${current.digest ?? ""}`;
    let decision = decided.get(key);
    if (!decision) {
      const input: PolicyInput = { policy, current, candidates: sighting.versions, complete: sighting.complete };
      decided.set(key, decision = decide(input));
    }
    if (decision.wanted) wants.push({ use, candidate: decision.wanted, reason: decision.message });
    else if (policy.name === "force" && namesFollowed(sighting, current)) {
      wants.push({ use, candidate: { tag: followedTag(current)! }, reason: `${followedTag(current)} was pushed` });
    }
  }
  return wants;
}

/** Some webhooks do not tell the digest of the tag that was pushed: the registry is asked for it. */
function namesFollowed({ versions, complete }: Sighting, current: VersionRef): boolean {
  const followed = followedTag(current);
  return !complete && followed !== undefined &&
    versions.some(({ tag, digest }) => tag === followed && digest === undefined);
}
