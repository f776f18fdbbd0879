import { accessKey } from "./artifact_sources.ts";
import { createLru, type Lru } from "../lib/lru.ts";
import { definitionOf } from "../policy/policies.ts";
import { runInSlices } from "../lib/time_slices.ts";
import { isOci, tagOfChartVersion } from "../versions/chart_repository.ts";
import { isRange } from "../versions/range.ts";
import { parseReference } from "../versions/reference.ts";
import { type ProposedUpdate, proposeUpdates } from "./proposed_updates.ts";
import { RegistryError } from "../registry/registry_error.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import { retryForSender } from "./version_lookups.ts";
import type { Sighting } from "../plugin.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import type { Source } from "./new_request.ts";
import type { VersionLookup } from "./registry_access.ts";

/** Polls need not ask again and again what a tag is that is no chart: milliseconds since 1970 of when it was found. */
export type NoCharts = Lru<number>;

export const createNoCharts = (): NoCharts => createLru(10_000);

export interface ConfirmOptions {
  lookup: VersionLookup;
  sighting: Sighting;
  source: Source;
  /** Shared by all sightings. */
  noCharts: NoCharts;
  /** Whether there is a request for it that stays, so that nothing need be asked. */
  isRequested(update: ProposedUpdate): boolean;
  now(): Date;
}

/**
 * Asks registries for what an update needs before it is stored: the digest, the word that a hint's version exists, or that a
 * chart's version is a chart. Throws `RegistryError`.
 *
 * @returns the update as it is to be stored, or undefined where there is nothing to do any more
 */
export type Confirm = (update: ProposedUpdate) => Promise<ProposedUpdate | undefined>;

/** What is asked of registries for one sighting: each question once, however many updates need its answer. */
export function createConfirm({ lookup, sighting, source, noCharts, isRequested, now }: ConfirmOptions): Confirm {
  const digestOf = digestsOf(lookup);
  const isPublished = chartsAsked({ lookup, via: sighting.via, noCharts, now });
  const isHint = !source.trusted;
  return async (update) => {
    const isImage = update.slotRef.slot.type === "image";
    const pinned = isImage ? await withDigest(update, sighting, source, digestOf) : update;
    if (!pinned || pinned.candidate.digest || (isImage && !isHint) || isRequested(pinned)) return pinned;
    if (isImage) return await isConfirmed(pinned, digestOf) ? pinned : undefined;
    try {
      return await publishedChart(update, sighting, isPublished);
    } catch (error) {
      const isUnanswered = error instanceof RegistryError && error.kind !== "not-found";
      if (!isUnanswered || sighting.via !== "webhook" || isHint) throw error;
      return { ...update, unconfirmed: true };
    }
  };
}

/** The digest that a registry has for an update's tag; undefined where it has none. */
type DigestOf = (update: ProposedUpdate) => Promise<string | undefined>;

/**
 * Each tag is asked for with the container's own login: one that may not read keeps no other waiting, and learns nothing from
 * another's. Asked once for each tag, with what was told of it, and login, when first needed.
 */
function digestsOf(lookup: VersionLookup): DigestOf {
  const asked = new Map<string, Promise<string | undefined>>();
  return ({ slotRef, candidate }) => {
    const key = JSON.stringify([candidate.tag, candidate.digest, accessKey(slotRef)]);
    const { registry } = parseReference(slotRef.slot.current);
    const answer = asked.get(key) ?? retryForSender(() => lookup(slotRef, candidate.tag), candidate.digest, registry);
    asked.set(key, answer);
    return answer;
  };
}

/**
 * A container whose image is pinned by digest, or whose policy follows digests, needs one. A mutable tag's is asked of
 * the registry, whatever the webhook says, since webhooks come late and out of order; only where the registry cannot
 * be asked is the word of a webhook that proved itself recorded. Undefined: nothing to do any more.
 */
async function withDigest(
  update: ProposedUpdate,
  sighting: Sighting,
  source: Source,
  digestOf: DigestOf,
): Promise<ProposedUpdate | undefined> {
  const { slotRef, candidate } = update;
  const { settings } = slotRef.workload;
  const follows = settings !== undefined && definitionOf(settings.policy).follows === "digest";
  if (!follows && !slotRef.slot.current.includes("@")) return { ...update, candidate: { tag: candidate.tag } };
  if (candidate.digest && source.trusted && (!follows || sighting.via !== "webhook")) return update;
  try {
    const digest = await digestOf(update);
    if (digest === undefined) return undefined;
    const next = { ...update, candidate: { tag: candidate.tag, digest } };
    return slotRef.slot.current.endsWith(`@${digest}`) ? undefined : next;
  } catch (error) {
    if (candidate.digest && source.trusted) return update;
    throw error;
  }
}

/** Whether the registry has the version, as the workload's own login sees it: what may not be read is none. */
async function isConfirmed(update: ProposedUpdate, digestOf: DigestOf): Promise<boolean> {
  try {
    return await digestOf(update) !== undefined;
  } catch (error) {
    if (error instanceof RegistryError && ["not-found", "unauthorized"].includes(error.kind)) return false;
    throw error;
  }
}

/** Whether a version is one of the chart's, and not of something else that a registry has under the same name. */
type IsPublished = (slotRef: SlotRef, version: string) => Promise<boolean>;

const REMEMBERED_MS = 600_000;
/** Versions of one release that a poll asks about: each takes a walk of the whole list. */
const MAX_ASKED = 100;

/**
 * Asks once for each version of one chart, and each login that its sources have. What a webhook told of may not be shown
 * yet; what a poll has found is.
 */
function chartsAsked(
  { lookup, via, noCharts, now }: Pick<ConfirmOptions, "lookup" | "noCharts" | "now"> & Pick<Sighting, "via">,
): IsPublished {
  const asked = new Map<string, Promise<boolean>>();
  const isChart = async (slotRef: SlotRef, version: string, key: string): Promise<boolean> => {
    const ask = () => lookup(slotRef, version);
    const time = now().getTime();
    if (via !== "webhook" && time - (noCharts.get(key) ?? -Infinity) < REMEMBERED_MS) return false;
    const host = repositoryOf(slotRef.slot)?.split("/")[0] ?? "";
    const found = await (via !== "webhook" ? ask() : retryForSender(ask, undefined, host));
    if (found !== undefined) noCharts.delete(key);
    else if (via !== "webhook") noCharts.set(key, time);
    return found !== undefined;
  };
  return (slotRef, version) => {
    const key = JSON.stringify([slotRef.slot.prefix, version, slotRef.slot.source]);
    const answer = asked.get(key) ?? isChart(slotRef, version, key);
    asked.set(key, answer);
    return answer;
  };
}

/**
 * The update, or the next best one where what a registry has under that tag is no chart: registries keep images, signatures
 * and charts in one list. What a Helm repository's index names is a chart. Undefined where none is left, or none of the best
 * hundred is a chart.
 */
async function publishedChart(
  update: ProposedUpdate,
  sighting: Sighting,
  isPublished: IsPublished,
): Promise<ProposedUpdate | undefined> {
  let { versions } = sighting;
  let best: ProposedUpdate | undefined = update;
  for (let asked = 0; best && asked < MAX_ASKED; asked++) {
    const { slotRef, candidate }: ProposedUpdate = best;
    if (!isOci(slotRef.slot.source?.url ?? "")) return best;
    if (await isPublished(slotRef, candidate.tag)) return best;
    if (isRange(candidate.tag)) return undefined;
    const tag = tagOfChartVersion(candidate.tag);
    versions = versions.filter((version) => version.tag !== tag && version.tag !== candidate.tag);
    [best] = await runInSlices(proposeUpdates({ ...sighting, versions }, [slotRef]));
  }
  return undefined;
}
