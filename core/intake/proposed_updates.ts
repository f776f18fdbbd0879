import { type Candidate, followedTag, type VersionRef } from "../policy/policy.ts";
import { chartVersionOfTag } from "../versions/chart_repository.ts";
import { deciding, type PolicyInput, type PolicyResult } from "../policy/decide.ts";
import { definitionOf } from "../policy/policies.ts";
import { exclusionOf, explainExclusion } from "../workloads/event_sources.ts";
import { groupOf, type SlotGroup } from "../workloads/slot_group.ts";
import { keyOf, type SlotRef } from "../workloads/workload_index.ts";
import { readAs } from "../versions/compare.ts";
import type { Sighting, SightingResult } from "../plugin.ts";
import type { Steps } from "../lib/time_slices.ts";

/** What a container is to move to, and those with it that move together. */
export interface ProposedUpdate {
  /** With the first of `slots`. */
  slotRef: SlotRef;
  slots: SlotGroup;
  candidate: Candidate;
  /** Why, in a sentence. */
  reason: string;
  /** The registry did not say whether it has the version: the request waits until it does. */
  unconfirmed?: true;
}

export interface ProposeOptions {
  onDecision?(slotRef: SlotRef, decision: PolicyResult): void;
  /** Of each slot that is not to move. */
  onSkipped?(slotRef: SlotRef, why: () => string): void;
  /** Who said it proved nothing: no tag is taken that has no order with the current one, since anybody could say them in any. */
  isHint?: boolean;
}

/**
 * The updates that a sighting leads to, by the annotations and policies of the slots that it reaches. Pure, in steps: it can be laid
 * down between slots, and within a long list of tags. Slots of equal policy and version share one decision, so a poll of many
 * workloads costs one walk of the tag list per distinct case. Those of a workload that run the same version are one update.
 */
export function* proposeUpdates(
  sighting: Sighting,
  slotRefs: readonly SlotRef[],
  { onDecision = () => {}, onSkipped = () => {}, isHint = false }: ProposeOptions = {},
): Steps<ProposedUpdate[]> {
  const decided = new Map<string, PolicyResult>();
  const charts = lazily(() =>
    sighting.versions.map(({ tag, deprecated }) => ({
      tag: chartVersionOfTag(tag),
      ...(deprecated ? { deprecated } : {}),
    }))
  );
  const updates: ProposedUpdate[] = [];
  for (const slotRef of slotRefs) {
    yield;
    const settings = slotRef.workload.settings;
    const current = readAs(slotRef.slot, slotRef.slot.current);
    if (!settings || !current) {
      onSkipped(slotRef, () => explainUnread(slotRef));
      continue;
    }
    const why = exclusionOf(settings, slotRef.slot, sighting);
    if (why) {
      onSkipped(slotRef, () => explainExclusion(why, settings));
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
    const add = (version: Pick<ProposedUpdate, "candidate" | "reason">) => {
      const slots = groupOf(slotRef.workload.slots, slotRef.slot);
      if (slots[0].name === slotRef.slot.name) updates.push({ slotRef, slots, ...version });
    };
    if (decision.wanted) add({ candidate: decision.wanted, reason: decision.message });
    else if (definitionOf(policy).follows === "digest" && type === "image" && namesFollowed(sighting, current)) {
      add({ candidate: { tag: followedTag(current)! }, reason: `${followedTag(current)} was pushed` });
    } else {
      const { message } = decision;
      onSkipped(slotRef, () => message);
    }
  }
  return updates;
}

function explainUnread({ workload: { settings, mistakes, warnings }, slot }: SlotRef): string {
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

/** Why slots that a sighting reached are left as they are: of the first ones a sentence each, and how many more there are. */
export interface Skipped {
  /** `why` is asked only where there is room for it. */
  add(slotRef: SlotRef, why: () => string): void;
  /** Undefined where none is, or nobody is to be told. */
  told(): SightingResult["left"];
}

/** Slots whose reasons are told. */
export const MAX_REASONS = 20;
const MAX_REASON_LENGTH = 512;

/** @param isTold whether who brought the sighting may learn of the workloads */
export function createSkipped(isTold: boolean): Skipped {
  const reasons: string[] = [];
  let count = 0;
  return {
    add(slotRef, why) {
      if (!isTold) return;
      if (count++ < MAX_REASONS) {
        reasons.push(`${keyOf(slotRef.workload)} ${slotRef.slot.name}: ${why()}`.slice(0, MAX_REASON_LENGTH));
      }
    },
    told: () => count === 0 ? undefined : { reasons, count },
  };
}
