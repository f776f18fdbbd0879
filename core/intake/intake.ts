import type { ArtifactSource, Log, Sighting, SightingResult } from "../plugin.ts";
import { canRecreate } from "../requests/recreate.ts";
import { createConfirm, createNoCharts } from "./confirm.ts";
import { createHintAllowances } from "./hint_allowances.ts";
import { createRequestOf, type Source } from "./new_request.ts";
import { createSkipped, type ProposedUpdate, proposeUpdates } from "./proposed_updates.ts";
import type { PolicyResult } from "../policy/decide.ts";
import { displayName } from "../workloads/workload.ts";
import { forEachFairly } from "../lib/for_each_fairly.ts";
import { exceedsLimit, MAX_UNFINISHED, remainderOf } from "./existing_requests.ts";
import { heldForAny } from "../requests/holds.ts";
import { runInSlices } from "../lib/time_slices.ts";
import { isNonEmpty } from "../workloads/slot_group.ts";
import { keyOf, type SlotRef, type WorkloadIndex } from "../workloads/workload_index.ts";
import {
  knownRequest,
  lossOf,
  meetsAll,
  type NotStored,
  storeRequest,
  type StoreRequestOptions,
  worstOf,
} from "./store_request.ts";
import { type KnownRequests, requestKey } from "../requests/cache.ts";
import { movedTo } from "../versions/slot_reference.ts";
import type { ReadingWatch, VersionLookup } from "./registry_access.ts";
import { RegistryError } from "../registry/registry_error.ts";
import { slotsText } from "../requests/containers.ts";

export interface IntakeOptions extends StoreRequestOptions {
  index: Pick<WorkloadIndex, "slotsOf">;
  cache: Pick<KnownRequests, "get" | "ofWorkload">;
  lookup: VersionLookup;
  /** Whether a slot is one of a source's. */
  isOf(source: ArtifactSource, slotRef: SlotRef): boolean;
  /** What was decided for each slot that a sighting reached. */
  onDecision?(slotRef: SlotRef, decision: PolicyResult): void;
  /** Told of what a poll needs besides its list, such as the digest of a version that it found. */
  watch?: Pick<ReadingWatch, "failed" | "wasRead">;
  /** What could not be stored, and will not be when the caller comes again. */
  onNotStored(lost: NotStored): void;
  log: Log;
  now(): Date;
}

/**
 * Resolves once every UpdateRequest that follows from the sighting, and that can be, is stored. Throws `Unavailable` where it
 * is worth coming again: the API server is away, or, after all others are stored, a registry that cannot be asked now would
 * have to say a digest, or to confirm a hint; and `TooManyRequests` where hints have caused too much. What coming again does not mend
 * keeps nobody waiting: it is told by `onNotStored`.
 */
export type Intake = (sighting: Sighting, source: Source) => Promise<SightingResult>;

/** Updates that are stored at the same time. */
const CONCURRENCY = 16;

/** The way of a sighting: slots that it reaches, updates that their policies propose, confirmed by the registry, stored. */
export function createIntake(options: IntakeOptions): Intake {
  const { index, cache, watch, log, now, onDecision, onNotStored } = options;
  const noCharts = createNoCharts();
  const allowances = createHintAllowances();

  return async (sighting, source) => {
    const isHint = !source.trusted;
    const isPoll = sighting.via !== "webhook";
    const skipped = createSkipped(source.trusted && sighting.via === "webhook");
    const requestOf = createRequestOf(sighting, source, now);
    const confirm = createConfirm({
      lookup: isHint ? allowances.limited(options.lookup) : options.lookup,
      sighting,
      source,
      noCharts,
      now,
      isRequested(update) {
        const known = knownRequest(requestOf(update), cache);
        return known !== undefined && !canRecreate(known, update.slotRef);
      },
    });
    const stored: string[] = [];
    const troubles: unknown[] = [];
    let created = 0;

    async function store(proposed: ProposedUpdate): Promise<void> {
      const { slotRef, candidate } = proposed;
      const skip = (why: string) => skipped.add(slotRef, () => why);
      const confirmed = await confirm(proposed);
      if (isPoll) watch?.wasRead([slotRef], "digest");
      if (!confirmed) return skip(`${candidate.tag} is what runs, or the registry does not have it`);

      const requests = cache.ofWorkload(keyOf(slotRef.workload));
      const { existing, rest } = remainderOf(requestOf(confirmed), confirmed.slots, slotRef.workload, requests);
      stored.push(...existing.map(requestKey));
      if (!rest) return;
      const update = rest === confirmed.slots ? confirmed : withSlots(confirmed, rest);
      const request = requestOf(update);
      const { newImage } = request.spec;

      if (heldForAny(slotRef.workload, update.slots, newImage, requests)) {
        const container = slotsText(update.slots);
        log.debug("held: not offered", { workload: displayName(slotRef.workload), container, image: newImage });
        return skip(`${candidate.tag} is held: it is not offered until a person resumes`);
      }
      const isKnown = knownRequest(request, cache) !== undefined;
      if (isHint && !isKnown) allowances.store(slotRef);
      if (!isKnown && exceedsLimit(request, slotRef, requests)) {
        const have = update.slots.length === 1 ? "has" : "have";
        const message = `${slotsText(update.slots)} ${have} ${MAX_UNFINISHED} UpdateRequests that are not finished yet`;
        skip(message);
        return onNotStored({ reason: "refused", message, slotRef, image: newImage });
      }
      const { key, isNew, containers } = await storeRequest(update, requestOf, options);
      if (key) stored.push(key);
      if (isNew) created++;
      const others = update.slots.filter(({ name }) => containers && !containers.includes(name));
      if (!isNonEmpty(others)) return;
      log.warn("the API server keeps one container of an UpdateRequest: put the schema of deploy/crds there");
      await storeOrTell(withSlots(proposed, others));
    }

    async function storeOrTell(update: ProposedUpdate): Promise<void> {
      const { slotRef } = update;
      try {
        await store(update);
      } catch (error) {
        const isOfPoll = isPoll && error instanceof RegistryError;
        if (isOfPoll) watch?.failed([slotRef], "digest", error);
        const loss = lossOf(error);
        if (!loss || isOfPoll) troubles.push(error);
        else if (!isHint || loss.reason !== "registry") {
          skipped.add(slotRef, () => "no UpdateRequest could be made, and an Event on it says why");
          onNotStored({ ...loss, slotRef, image: movedTo(slotRef.slot, update.candidate) });
        }
      }
    }

    const slotRefs = reachedSlots(sighting, options);
    const proposing = { isHint, onSkipped: skipped.add, ...(onDecision ? { onDecision } : {}) };
    const updates = await runInSlices(proposeUpdates(sighting, slotRefs, proposing));
    const ownerOf = ({ slotRef }: ProposedUpdate) => slotRef.workload.namespace;
    const isOver = () => troubles.some(meetsAll);
    await forEachFairly(updates, { atOnce: CONCURRENCY, ownerOf, isOver }, storeOrTell);
    if (troubles.length > 0) throw worstOf(troubles);
    if (slotRefs.length === 0) log.debug("no workload uses the artifact", { repository: sighting.artifact.repository });
    const left = skipped.told();
    return { updateRequests: stored, matched: slotRefs.length, created, ...(left ? { left } : {}) };
  };

  function reachedSlots({ artifact, source }: Sighting, { isOf }: Pick<IntakeOptions, "isOf">): SlotRef[] {
    return index.slotsOf(artifact.repository).filter((slotRef) =>
      (artifact.type === "image" || slotRef.slot.type === "chart") && (!source || isOf(source, slotRef))
    );
  }
}

/** The same update for some of its slots. */
function withSlots(update: ProposedUpdate, slots: ProposedUpdate["slots"]): ProposedUpdate {
  return { ...update, slots, slotRef: { ...update.slotRef, slot: slots[0] } };
}
