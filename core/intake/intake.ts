import { isAlreadyExists, isConflict, isTransient, KubeError } from "../kube/errors.ts";
import { chartsAsked, type NoCharts, publishedChart } from "./published_chart.ts";
import type { Decision } from "../policy/types.ts";
import { digestsOf } from "./digests.ts";
import { heldBy } from "../updates/holds.ts";
import { keyOf } from "../match/index.ts";
import { mayBeMadeAnew } from "./again.ts";
import { type NewUpdateRequest, type UpdateStore } from "../updates/store.ts";
import type { Log, Sighting, SightingResult } from "../plugin.ts";
import { RegistryError } from "../registry/errors.ts";
import { requestFor, type Source } from "./request.ts";
import { requestKey, type UpdateCache } from "../updates/cache.ts";
import { runs } from "../updates/compare.ts";
import { inTurns } from "../turns.ts";
import { Unavailable } from "../unavailable.ts";
import type { UpdateRequest } from "../updates/update_request.ts";
import type { VersionLookup } from "./registry_access.ts";
import { type Want, wanting } from "./wanted.ts";
import type { Workload } from "../match/workload.ts";
import type { Use, WorkloadIndex } from "../match/index.ts";

export interface IntakeDependencies {
  index: WorkloadIndex;
  cache: UpdateCache;
  store: UpdateStore;
  lookup: VersionLookup;
  /** The workload as the API server has it now. */
  readWorkload(workload: Workload): Promise<Workload | undefined>;
  /** What was decided for each workload that a sighting reached. */
  onDecision?(use: Use, decision: Decision): void;
  log: Log;
  now(): Date;
}

/**
 * Resolves once every UpdateRequest that follows from the sighting is stored. Throws `Unavailable` where one cannot be,
 * and, after all others are stored, `RegistryError` where neither registry nor webhook gave a digest that one needs.
 */
export type Intake = (sighting: Sighting, source: Source) => Promise<SightingResult>;

const atOnce = 16;
const mostAttempts = 5;

export function createIntake(dependencies: IntakeDependencies): Intake {
  const { index, log } = dependencies;
  const noCharts: NoCharts = new Map();
  return async (sighting, source) => {
    const { type, repository } = sighting.artifact;
    const uses = index.uses(repository).filter(({ slot }) => type === "image" || slot.type === "chart");
    const wants = await inTurns(wanting(sighting, uses, dependencies.onDecision));
    const digestOf = digestsOf(wants, dependencies.lookup);
    const isPublished = chartsAsked({
      lookup: dependencies.lookup,
      via: sighting.via,
      noCharts,
      now: dependencies.now,
    });
    /** Undefined: nothing to do any more. */
    const completed = async (want: Want): Promise<Want | undefined> => {
      if (want.use.slot.type === "image") return await withDigest(want, sighting, source, digestOf);
      const { metadata } = requestFor(want, sighting, source, dependencies.now());
      const known = dependencies.cache.get(`${metadata.namespace}/${metadata.name}`);
      if (known && !mayBeMadeAnew(known, want.use)) return want;
      return await publishedChart(want, sighting, isPublished);
    };
    const stored: string[] = [];
    let created = 0;
    let unanswered: unknown;
    const one = async (want: Want) => {
      const complete = await completed(want).catch((error) => {
        if (!(error instanceof RegistryError)) throw error;
        unanswered ??= error;
      });
      if (!complete) return;
      const request = requestFor(complete, sighting, source, dependencies.now());
      if (isHeld(request, complete, dependencies)) return;
      const { key, isNew } = await storeOnce(request, complete, dependencies);
      if (key) stored.push(key);
      if (isNew) created++;
    };
    for (let start = 0; start < wants.length; start += atOnce) {
      await Promise.all(wants.slice(start, start + atOnce).map(one));
    }
    if (unanswered) throw unanswered;
    if (uses.length === 0) log.debug("no workload uses the artifact", { repository });
    return { updateRequests: stored, matched: uses.length, created };
  };
}

/**
 * A container whose image is pinned by digest, or whose policy follows digests, needs one. A mutable tag's is asked of
 * the registry, whatever the webhook says, since webhooks come late and out of order; only where the registry cannot
 * be asked is the webhook's own word recorded: if it proved nothing, the request waits until the registry confirms it.
 * Undefined: nothing to do any more.
 */
async function withDigest(
  want: Want,
  sighting: Sighting,
  source: Source,
  digestOf: (tag: string) => Promise<string | undefined>,
): Promise<Want | undefined> {
  const { use, candidate } = want;
  const follows = use.workload.settings?.policy.name === "force";
  if (!follows && !use.slot.current.includes("@")) return { ...want, candidate: { tag: candidate.tag } };
  if (candidate.digest && source.trusted && (!follows || sighting.via === "polling")) return want;
  try {
    const digest = await digestOf(candidate.tag);
    if (digest === undefined) return undefined;
    const next = { ...want, candidate: { tag: candidate.tag, digest } };
    return use.slot.current.endsWith(`@${digest}`) ? undefined : next;
  } catch (error) {
    if (candidate.digest && (source.trusted || isUnanswered(error))) return want;
    throw error;
  }
}

/** The registry may have the version, but did not say so. */
const isUnanswered = (error: unknown): boolean => error instanceof RegistryError && error.kind !== "not-found";

/** A held version is not offered; a request that waits for it says so by itself. */
function isHeld({ spec }: NewUpdateRequest, { use }: Want, { cache, log }: IntakeDependencies): boolean {
  const { workload, slot } = use;
  const hold = heldBy(workload, slot, spec.newImage, cache.ofWorkload(keyOf(workload)));
  if (hold) log.debug("held: not offered", { workload: keyOf(workload), container: slot.name, image: spec.newImage });
  return hold !== undefined;
}

/** The key of the request that now exists; none where the workload is going. */
async function storeOnce(
  request: NewUpdateRequest,
  want: Want,
  { cache, store, readWorkload, log }: IntakeDependencies,
): Promise<{ key?: string; isNew: boolean }> {
  const { namespace, name } = request.metadata;
  const key = `${namespace}/${name}`;
  const known = cache.get(key);
  if (known && !mayBeMadeAnew(known, want.use)) return { key, isNew: false };
  try {
    const created = await createUnlessKept(request, want, { store, readWorkload });
    if (created) {
      log.info("update wanted", {
        updateRequest: requestKey(created),
        container: created.spec.containerName,
        from: created.spec.currentImage,
        to: created.spec.newImage,
        policy: created.spec.policy,
        via: created.spec.sighting?.via,
      });
    }
    return { key, isNew: created !== undefined };
  } catch (error) {
    if (isGone(error)) return { isNew: false };
    if (error instanceof KubeError && (isTransient(error) || error.status === 403 || error.status === 404)) {
      throw new Unavailable(`the UpdateRequest ${key} cannot be stored: ${error.message}`, error.retryAfterSeconds);
    }
    throw error;
  }
}

/**
 * Creates the request; one of its name that has to be made anew is removed before. Undefined where there is one that
 * stays. Another replica may do the same at the same time: what changed in between is looked at again.
 */
async function createUnlessKept(
  request: NewUpdateRequest,
  want: Want,
  { store, readWorkload }: Pick<IntakeDependencies, "store" | "readWorkload">,
): Promise<UpdateRequest | undefined> {
  const { namespace, name } = request.metadata;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    try {
      return await store.create(request);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const existing = await store.get(namespace, name);
    if (!existing) continue;
    const workload = await readWorkload(want.use.workload);
    const slot = workload?.slots.find(({ name }) => name === want.use.slot.name);
    if (!workload || !slot || runs(slot.current, request.spec.newImage)) return undefined;
    if (!mayBeMadeAnew(existing, { workload, slot })) return undefined;
    try {
      await store.remove(existing);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new Unavailable(`the UpdateRequest ${namespace}/${name} is being changed by others`);
}

/** The namespace is on its way out, and the workload with it. */
function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 403 && /being terminated/.test(error.message);
}
