import { chartVersionOfTag } from "../versions/chart_repository_name.ts";
import { atOnce, type Steps } from "../lib/time_slices.ts";
import { readAs } from "../versions/compare.ts";
import { type Candidate, followedTag, type VersionRef } from "../policy/policy.ts";
import { deciding, type PolicyInput, type PolicyResult } from "../policy/decide.ts";
import { definitionOf } from "../policy/policies.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import type { Sighting } from "../plugin.ts";
import { groupOf, type SlotGroup } from "../workloads/slot_group.ts";
import { exclusionOf, explainExclusion } from "../workloads/event_sources.ts";

/** What a container is to move to, and those with it that move together. */
export interface ProposedUpdate {
  /** With the first of `slots`. */
  slotRef: SlotRef;
  slots: SlotGroup;
  candidate: Candidate;
  /** Why, in a sentence. */
  reason: string;
}

/**
 * The containers that a sighting moves, by their annotations and policies. Pure. Containers of equal policy and version
 * share one decision, so a poll of many workloads costs one walk of the tag list per distinct case. Those of a workload that run
 * the same version are one want.
 */
export function proposeUpdatesAtOnce(
  sighting: Sighting,
  slotRefs: readonly SlotRef[],
  options: WantedOptions = {},
): ProposedUpdate[] {
  return atOnce(proposeUpdates(sighting, slotRefs, options));
}

export interface WantedOptions {
  onDecision?(slotRef: SlotRef, decision: PolicyResult): void;
  /** Of each use that is not to move. */
  onLeft?(slotRef: SlotRef, why: () => string): void;
  /** Who said it proved nothing: no tag is taken that has no order with the current one, since anybody could say them in any. */
  isHint?: boolean;
}

/** `wanted`, that can be laid down between containers, and within a long list of tags. */
export function* proposeUpdates(
  sighting: Sighting,
  slotRefs: readonly SlotRef[],
  { onDecision = () => {}, onLeft = () => {}, isHint = false }: WantedOptions = {},
): Steps<ProposedUpdate[]> {
  const decided = new Map<string, PolicyResult>();
  const charts = lazily(() =>
    sighting.versions.map(({ tag, deprecated }) => ({
      tag: chartVersionOfTag(tag),
      ...(deprecated ? { deprecated } : {}),
    }))
  );
  const wants: ProposedUpdate[] = [];
  for (const slotRef of slotRefs) {
    yield;
    const settings = slotRef.workload.settings;
    const current = readAs(slotRef.slot, slotRef.slot.current);
    if (!settings || !current) {
      onLeft(slotRef, () => unread(slotRef));
      continue;
    }
    const why = exclusionOf(settings, slotRef.slot, sighting);
    if (why) {
      onLeft(slotRef, () => explainExclusion(why, settings));
      continue;
    }
    const { policy } = settings;
    const { type } = slotRef.slot;
    const key = `${type}\n${policy.name}\n${policy.pattern ?? ""}\n${current.tag ?? ""}\n${current.digest ?? ""}`;
    let decision = decided.get(key);
    if (!decision) {
      const candidates = type === "chart" ? charts() : sighting.versions;
      const complete = sighting.complete || isHint;
      const input: PolicyInput = { policy, type, current, candidates, complete };
      decided.set(key, decision = yield* deciding(input));
    }
    onDecision(slotRef, decision);
    const add = (want: Pick<ProposedUpdate, "candidate" | "reason">) => {
      const slots = groupOf(slotRef.workload.slots, slotRef.slot);
      if (slots[0].name === slotRef.slot.name) wants.push({ slotRef, slots, ...want });
    };
    if (decision.wanted) add({ candidate: decision.wanted, reason: decision.message });
    else if (definitionOf(policy).follows === "digest" && type === "image" && namesFollowed(sighting, current)) {
      add({ candidate: { tag: followedTag(current)! }, reason: `${followedTag(current)} was pushed` });
    } else {
      const { message } = decision;
      onLeft(slotRef, () => message);
    }
  }
  return wants;
}

function unread({ workload: { settings, mistakes, warnings }, slot }: SlotRef): string {
  if (settings) return `what ${slot.name} runs cannot be read`;
  const said = [...mistakes, ...warnings].map(({ message }) => message);
  return said.join("; ") || "it has no headwind.sh/policy";
}

/** Some webhooks do not tell the digest of the tag that was pushed: the registry is asked for it. */
function namesFollowed({ versions, complete }: Sighting, current: VersionRef): boolean {
  const followed = followedTag(current);
  return !complete && followed !== undefined &&
    versions.some(({ tag, digest }) => tag === followed && digest === undefined);
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
