import { isAlreadyExists, isConflict, KubeError } from "../kube/kube_error.ts";
import { chartsAsked, type NoCharts, publishedChart } from "./published_chart.ts";
import { definitionOf } from "../policy/policies.ts";
import type { PolicyResult } from "../policy/decide.ts";
import { createHintAllowances, isConfirmed } from "./hints.ts";
import { type DigestOf, digestsOf } from "./digests.ts";
import { eachApart } from "../lib/each_apart.ts";
import { heldForAny } from "../requests/holds.ts";
import { type InPart, inPart } from "./in_part.ts";
import { containersOf, isFor, namesText, slotsText } from "../requests/containers.ts";
import { keyOf } from "../workloads/workload_index.ts";
import { canRecreate } from "../requests/recreate.ts";
import { createLeft } from "./left.ts";
import { movedTo } from "../versions/slot.ts";
import { Contested, isEverywhere, lostBy, type NotStored, notStored, worstOf } from "./not_stored.ts";
import { type NewUpdateRequest, type UpdateStore } from "../requests/store.ts";
import type { ArtifactSource, Log, Sighting, SightingResult } from "../plugin.ts";
import { RegistryError } from "../registry/errors.ts";
import { isOtherUpdate } from "./squatted.ts";
import { newRequest, type Source } from "./request.ts";
import { isNonEmpty } from "../workloads/slot_group.ts";
import { isFinished, type KnownRequests, requestKey } from "../requests/cache.ts";
import { order, runs } from "../versions/compare.ts";
import { inTurns } from "../lib/time_slices.ts";
import { isByHand, type UpdateRequest } from "../requests/update_request.ts";
import type { ReadingWatch, VersionLookup } from "./registry_access.ts";
import { type ProposedUpdate, proposeUpdates } from "./wanted.ts";
import { displayName, type Workload } from "../workloads/workload.ts";
import type { SlotRef, WorkloadIndex } from "../workloads/workload_index.ts";

export interface IntakeDependencies {
  index: WorkloadIndex;
  cache: KnownRequests;
  store: UpdateStore;
  lookup: VersionLookup;
  /** Whether what `cache` says of a namespace is heard to be so; else the API server is asked for what it would have known. */
  isHeard(namespace: string): boolean;
  /** Whether a use is one of a source's. */
  isOf(source: ArtifactSource, slotRef: SlotRef): boolean;
  /** The workload as the API server has it now. */
  readWorkload(workload: Workload): Promise<Workload | undefined>;
  /** What was decided for each workload that a sighting reached. */
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

const atOnce = 16;
const mostAttempts = 5;
/** Of a container: more make each of its workload's steps slow, and come only of somebody who makes versions up. */
const mostUnfinished = 20;
/** Of a container, of which each is newer than all before it: the newest is what its workload is to come to. */
const mostRising = 100;
/** Of a workload, of which each container has its share, but never less than `mostUnfinished`. */
const mostOfWorkload = 2000;
/** Names tried for one request. */
const mostNames = 8;

export function createIntake(dependencies: IntakeDependencies): Intake {
  const { index, log, isOf } = dependencies;
  const noCharts: NoCharts = new Map();
  const allowances = createHintAllowances();
  return async (sighting, source) => {
    const { artifact: { type, repository }, source: only } = sighting;
    const slotRefs = index.slotsOf(repository).filter((slotRef) =>
      (type === "image" || slotRef.slot.type === "chart") && (!only || isOf(only, slotRef))
    );
    const isHint = !source.trusted;
    const lookup = isHint ? allowances.limited(dependencies.lookup) : dependencies.lookup;
    const { onDecision } = dependencies;
    const left = createLeft(source.trusted && sighting.via === "webhook");
    const wants = await inTurns(
      proposeUpdates(sighting, slotRefs, { isHint, onLeft: left.leave, ...(onDecision ? { onDecision } : {}) }),
    );
    const digestOf = digestsOf(lookup);
    const isPublished = chartsAsked({
      lookup,
      via: sighting.via,
      noCharts,
      now: dependencies.now,
    });
    /** Undefined: nothing to do any more. */
    const completed = async (want: ProposedUpdate): Promise<Complete | undefined> => {
      const isImage = want.slotRef.slot.type === "image";
      const complete = isImage ? await withDigest(want, sighting, source, digestOf) : want;
      if (!complete || complete.candidate.digest || (isImage && !isHint)) return complete;
      const known = knownOf(newRequest(complete, sighting, source, dependencies.now()), dependencies);
      if (known && !canRecreate(known, want.slotRef)) return complete;
      if (isImage) return await isConfirmed(complete, digestOf) ? complete : undefined;
      try {
        return await publishedChart(want, sighting, isPublished);
      } catch (error) {
        if (!isUnanswered(error) || sighting.via === "polling" || isHint) throw error;
        return { ...want, unconfirmed: true };
      }
    };
    const stored: string[] = [];
    let created = 0;
    const troubles: unknown[] = [];
    const one = async (want: ProposedUpdate) => {
      try {
        const whole = await completed(want);
        if (sighting.via === "polling") dependencies.watch?.wasRead([want.slotRef], "digest");
        if (!whole) {
          return left.leave(want.slotRef, () => `${want.candidate.tag} is what runs, or the registry does not have it`);
        }
        const { standing, rest } = leftToAsk(whole, sighting, source, dependencies);
        stored.push(...standing.map(requestKey));
        if (!rest) return;
        const complete: Complete = { ...whole, slots: rest, slotRef: { ...whole.slotRef, slot: rest[0] } };
        const from = complete.unconfirmed ? { ...source, trusted: false } : source;
        const named = (taken: readonly string[]) => newRequest(complete, sighting, from, dependencies.now(), taken);
        const request = named([]);
        if (isHeld(request, complete, dependencies)) {
          return left.leave(
            want.slotRef,
            () => `${want.candidate.tag} is held: it is not offered until a person resumes`,
          );
        }
        const isKnown = knownOf(request, dependencies) !== undefined;
        if (isHint && !isKnown) allowances.store(want.slotRef);
        if (!isKnown && isOneTooMany(request, want.slotRef, dependencies)) {
          const { slots } = complete;
          const have = slots.length === 1 ? "has" : "have";
          const message = `${slotsText(slots)} ${have} ${mostUnfinished} UpdateRequests that are not finished yet`;
          left.leave(want.slotRef, () => message);
          return dependencies.onNotStored({
            reason: "refused",
            message,
            slotRef: want.slotRef,
            image: request.spec.newImage,
          });
        }
        const { key, isNew, isFor } = await storeOnce(named, complete, dependencies);
        if (key) stored.push(key);
        if (isNew) created++;
        const others = complete.slots.filter(({ name }) => isFor && !isFor.includes(name));
        if (!isNonEmpty(others)) return;
        log.warn("the API server keeps one container of an UpdateRequest: put the schema of deploy/crds there");
        await one({ ...want, slots: others, slotRef: { ...want.slotRef, slot: others[0] } });
      } catch (error) {
        if (sighting.via === "polling" && error instanceof RegistryError) {
          dependencies.watch?.failed([want.slotRef], "digest", error);
        }
        const why = lostBy(error);
        const image = movedTo(want.slotRef.slot, want.candidate);
        if (!why || (error instanceof RegistryError && sighting.via === "polling")) troubles.push(error);
        else if (!isHint || why.reason !== "registry") {
          left.leave(want.slotRef, () => "no UpdateRequest could be made, and an Event on it says why");
          dependencies.onNotStored({ ...why, slotRef: want.slotRef, image });
        }
      }
    };
    const ownerOf = ({ slotRef }: ProposedUpdate) => slotRef.workload.namespace;
    await eachApart(wants, { atOnce, ownerOf, isOver: () => troubles.some(isEverywhere) }, one);
    if (troubles.length > 0) throw worstOf(troubles);
    if (slotRefs.length === 0) log.debug("no workload uses the artifact", { repository });
    const told = left.told();
    return { updateRequests: stored, matched: slotRefs.length, created, ...(told ? { left: told } : {}) };
  };
}

/**
 * Those of held versions are not counted, since they stay for as long as these are held, nor those made by hand: who may only
 * propose would keep every update away.
 */
function isOneTooMany({ spec }: NewUpdateRequest, { workload, slot }: SlotRef, { cache }: IntakeDependencies): boolean {
  const unfinished = cache.ofWorkload(keyOf(workload)).filter((request) =>
    isFor(request, slot.name) && !isByHand(request) && !isFinished(request) &&
    request.status?.phase !== "Held"
  );
  if (unfinished.length < mostUnfinished) return false;
  const isNewest = unfinished.every((other) => (order(slot.type, spec.newImage, other.spec.newImage) ?? 0) > 0);
  const share = Math.max(mostUnfinished, Math.floor(mostOfWorkload / workload.slots.length));
  return !isNewest || unfinished.length >= Math.min(mostRising, share);
}

/** The request of its name that the watch told of, unless that is for something else. */
function knownOf(request: NewUpdateRequest, { cache }: Pick<IntakeDependencies, "cache">): UpdateRequest | undefined {
  const known = cache.get(requestKey(request));
  return known && !isOtherUpdate(known, request) ? known : undefined;
}

/** A want with its digest, where it needs one. */
type Complete = ProposedUpdate & {
  /** The registry did not say whether it has the version: the request waits until it does. */
  unconfirmed?: true;
};

/**
 * A container whose image is pinned by digest, or whose policy follows digests, needs one. A mutable tag's is asked of
 * the registry, whatever the webhook says, since webhooks come late and out of order; only where the registry cannot
 * be asked is the word of a webhook that proved itself recorded. Undefined: nothing to do any more.
 */
async function withDigest(
  want: ProposedUpdate,
  sighting: Sighting,
  source: Source,
  digestOf: DigestOf,
): Promise<ProposedUpdate | undefined> {
  const { slotRef, candidate } = want;
  const { settings } = slotRef.workload;
  const follows = settings !== undefined && definitionOf(settings.policy).follows === "digest";
  if (!follows && !slotRef.slot.current.includes("@")) return { ...want, candidate: { tag: candidate.tag } };
  if (candidate.digest && source.trusted && (!follows || sighting.via === "polling")) return want;
  try {
    const digest = await digestOf(want);
    if (digest === undefined) return undefined;
    const next = { ...want, candidate: { tag: candidate.tag, digest } };
    return slotRef.slot.current.endsWith(`@${digest}`) ? undefined : next;
  } catch (error) {
    if (candidate.digest && source.trusted) return want;
    throw error;
  }
}

/** The registry may have the version, but did not say so. */
const isUnanswered = (error: unknown): boolean => error instanceof RegistryError && error.kind !== "not-found";

/** A held version is not offered; a request that waits for it says so by itself. */
function isHeld(
  { spec }: NewUpdateRequest,
  { slotRef: { workload }, slots }: ProposedUpdate,
  { cache, log }: IntakeDependencies,
): boolean {
  const hold = heldForAny(workload, slots, spec.newImage, cache.ofWorkload(keyOf(workload)));
  const container = slotsText(slots);
  if (hold) log.debug("held: not offered", { workload: displayName(workload), container, image: spec.newImage });
  return hold !== undefined;
}

/** What of a want no request stands for yet that was made for others of its containers. */
function leftToAsk(want: Complete, sighting: Sighting, source: Source, { cache, now }: IntakeDependencies): InPart {
  const { workload } = want.slotRef;
  const request = newRequest(want, sighting, source, now());
  return inPart(request, want.slots, workload, cache.ofWorkload(keyOf(workload)));
}

/** The key of the request that now exists; none where the workload is going. Throws `Contested` where all names are taken. */
async function storeOnce(
  named: (taken: readonly string[]) => NewUpdateRequest,
  want: ProposedUpdate,
  { cache, store, isHeard, readWorkload, log }: IntakeDependencies,
): Promise<{ key?: string; isNew: boolean; isFor?: readonly string[] }> {
  const taken: string[] = [];
  while (taken.length < mostNames) {
    const request = named(taken);
    const key = requestKey(request);
    const known = isHeard(request.metadata.namespace) ? knownOf(request, { cache }) : undefined;
    if (known && !canRecreate(known, want.slotRef)) return { key, isNew: false };
    try {
      const made = await createUnlessKept(request, want, { store, readWorkload });
      if (made && "squatter" in made) {
        log.warn("the name of an UpdateRequest was taken by one that was made by hand and is for something else", {
          updateRequest: key,
          itsImage: made.squatter.spec.newImage,
          wanted: request.spec.newImage,
        });
        taken.push(made.squatter.metadata.uid);
        continue;
      }
      if (made) {
        log.info("update wanted", {
          updateRequest: requestKey(made.created),
          container: namesText(containersOf(made.created)),
          from: made.created.spec.currentImage,
          to: made.created.spec.newImage,
          policy: made.created.spec.policy,
          via: made.created.spec.sighting?.via,
        });
      }
      return { key, isNew: made !== undefined, ...(made ? { isFor: containersOf(made.created) } : {}) };
    } catch (error) {
      if (isGone(error)) return { isNew: false };
      throw notStored(key, error);
    }
  }
  throw new Contested("each name that its UpdateRequest would have is taken by one that was made by hand");
}

/**
 * Creates the request; one of its name that has to be made anew is removed before. Undefined where there is one that
 * stays; `squatter` is one that is for something else. Another replica may do the same at the same time: what changed in
 * between is looked at again.
 */
async function createUnlessKept(
  request: NewUpdateRequest,
  want: ProposedUpdate,
  { store, readWorkload }: Pick<IntakeDependencies, "store" | "readWorkload">,
): Promise<{ created: UpdateRequest } | { squatter: UpdateRequest } | undefined> {
  const { namespace, name } = request.metadata;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    try {
      return { created: await store.create(request) };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const existing = await store.get(namespace, name);
    if (!existing) continue;
    if (isOtherUpdate(existing, request)) return { squatter: existing };
    const workload = await readWorkload(want.slotRef.workload);
    const slot = workload?.slots.find(({ name }) => name === want.slotRef.slot.name);
    if (!workload || !slot || runs(slot.current, request.spec.newImage)) return undefined;
    if (!canRecreate(existing, { workload, slot })) return undefined;
    try {
      await store.remove(existing);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new Contested(`the UpdateRequest ${namespace}/${name} is being changed by others`);
}

/** The namespace is on its way out, and the workload with it. */
function isGone(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  return (error.status === 403 && /being terminated/.test(error.message)) ||
    (error.status === 404 && /namespaces "[^"]*" not found/.test(error.message));
}
