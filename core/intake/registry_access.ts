import { type ArtifactReader, type ArtifactSources, createArtifactSources } from "./artifact_sources.ts";
import type { Artifact, ArtifactSource, RegistryReader } from "../plugin.ts";
import type { ChartAccess } from "./chart_access.ts";
import { createAnswerCache, createSingleFlight } from "../lib/answer_cache.ts";
import type { ImageOrigin } from "../registry/image_config.ts";
import { sameRepository } from "../versions/compare.ts";
import { type Credentials, identityOf } from "../registry/credentials.ts";
import { parseReference } from "../versions/reference.ts";
import { type PullSecretReaders, readPullCredentials, withCredentials } from "../registry/pull_credentials.ts";
import type { RegistryClient } from "../registry/registry_client.ts";
import type { SlotRef, WorkloadIndex } from "../workloads/workload_index.ts";
import type { PollQuery } from "../workloads/event_sources.ts";
import type { VersionQuery } from "../workloads/source_events.ts";
import { KubeError } from "../kube/kube_error.ts";
import { RegistryError } from "../registry/registry_error.ts";

/**
 * The digest that a tag (or a digest) of a container's repository has at the registry, or a version that a chart has;
 * undefined when there is none. Asked with the slot's own login alone.
 */
export type VersionLookup = (slotRef: SlotRef, tag: string, signal?: AbortSignal) => Promise<string | undefined>;

/** Registries, asked with the pull credentials of the workloads that use them. All throw `RegistryError`. */
export interface RegistryAccess {
  lookup: VersionLookup;
  /** What reads the artifact of a container, with its own login. */
  readerOf(slotRef: SlotRef): Promise<ArtifactReader>;
  /**
   * Where an image of a container's repository comes from, as its builder says; undefined where the registry has none. Asked by
   * the digest and remembered, which never is another; the digest of a tag is asked for again after five minutes.
   */
  originOf(slotRef: SlotRef, image: string): Promise<ImageOrigin | undefined>;
  reader: RegistryReader;
  isOf: ArtifactSources["isOf"];
  /** The sources of what somebody asks. */
  asked: ArtifactSources["asked"];
  isAsked: ArtifactSources["isAsked"];
}

/** Told of what keeps an artifact from being read, and of its end. */
export interface ReadingWatch {
  /** A Secret that is left out. */
  warn(slotRef: SlotRef, message: string): void;
  /** To those who want it. */
  failed(slotRefs: readonly SlotRef[], reading: VersionQuery, failure: ReadFailure): void;
  /** As `failed`. */
  wasRead(slotRefs: readonly SlotRef[], reading: VersionQuery): void;
}

export interface RegistryAccessOptions {
  registry: RegistryClient;
  index: Pick<WorkloadIndex, "slotsOf">;
  secrets: PullSecretReaders;
  charts: ChartAccess;
  watch: ReadingWatch;
  /** Told of each poll of a source, and of why it failed. */
  onPolled?(polled: PolledReading): void;
}

/** What was polled of a source. */
export interface PolledReading {
  repository: string;
  /** Of the source and of what was read there: equal from poll to poll. */
  reading: string;
  slotRefs: readonly SlotRef[];
  failure?: ReadFailure;
}

export function createRegistryAccess(options: RegistryAccessOptions): RegistryAccess {
  const { registry, index, secrets, charts, watch, onPolled } = options;
  const lookingUp = createSingleFlight<string | undefined>();
  const digests = createAnswerCache<string | undefined>(DIGEST_BELIEVED_MS, MOST_ORIGINS);
  const origins = createAnswerCache<ImageOrigin | undefined>(Infinity, MOST_ORIGINS);

  async function imageReading(slotRef: SlotRef): Promise<ImageReader> {
    const { workload: { namespace, pullSecrets, serviceAccount }, slot } = slotRef;
    const { registry: host, repository } = parseReference(slot.current);
    const ref = { registry: host, repository, onBehalfOf: namespace };
    const from = { pullSecrets, ...(serviceAccount ? { serviceAccount } : {}) };
    const { credentials, warnings } = await readPullCredentials(secrets, namespace, from, ref);
    for (const warning of warnings) watch.warn(slotRef, warning);
    const logins = new Map<string, Credentials>();
    for (const login of credentials) {
      const identity = await identityOf(login);
      if (!logins.has(identity)) logins.set(identity, login);
    }
    const all = [...logins.values()];
    return {
      identity: JSON.stringify(["image", host, repository, ...logins.keys()]),
      async versions(signal) {
        const { tags } = await withCredentials(all, (login) => registry.tags(ref, login, signal));
        return tags.map((tag) => ({ tag }));
      },
      digest: (tag, signal) => withCredentials(all, (login) => registry.digest(ref, tag, login, signal)),
      origin: (digest) => withCredentials(all, (login) => registry.origin(ref, digest, login)),
    };
  }

  const readerOf = (slotRef: SlotRef): Promise<ArtifactReader> =>
    slotRef.slot.type === "chart" ? charts.readerOf(slotRef) : imageReading(slotRef);
  const sources = createArtifactSources({ index, read: readerOf });

  /** Reads of a source what some of its slots are to be polled for, for as long as one of these is there; tells them, and nobody else, how it went. */
  async function read<T>(
    { repository }: Artifact,
    { source, signal }: { source: ArtifactSource; signal?: AbortSignal | undefined },
    query: PollQuery,
    ask: (reading: ArtifactReader, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const reading = sources.readerOf(source);
    const isWanted = (other: PollQuery) => other === query || isSameTag(other, query);
    const tell = (failure?: ReadFailure) => {
      const slotRefs = sources.slotsOf(source, isWanted);
      if (failure) watch.failed(slotRefs, query, failure);
      else watch.wasRead(slotRefs, query);
      const told = `${source.id} ${query === "tags" ? query : query.followed}`;
      onPolled?.({ repository, reading: told, slotRefs, ...(failure ? { failure } : {}) });
    };
    try {
      const answer = await whileUsed(() => sources.isUsed(source, isWanted), signal, (signal) => ask(reading, signal));
      if (answer !== undefined) tell();
      else if (query !== "tags") tell(missingTag(repository, query.followed));
      return answer;
    } catch (error) {
      const failure = readFailureOf(repository, error, signal);
      if (failure) tell(failure);
      throw error;
    }
  }

  return {
    async lookup(slotRef, tag, signal) {
      if (slotRef.slot.type === "chart") return await charts.lookup(slotRef, tag, signal);
      const { identity, digest } = await imageReading(slotRef);
      if (signal) return await digest(tag, signal);
      return await lookingUp(JSON.stringify([identity, tag]), () => digest(tag));
    },
    async originOf(slotRef, image) {
      if (slotRef.slot.type === "chart" || !sameRepository(image, slotRef.slot.current)) return undefined;
      const { tag = "latest", digest: named } = parseReference(image);
      const reading = await imageReading(slotRef);
      const digest = named ?? await digests(JSON.stringify([reading.identity, tag]), () => reading.digest(tag));
      if (digest === undefined) return undefined;
      return await origins(JSON.stringify([reading.identity, digest]), () => reading.origin(digest));
    },
    readerOf,
    isOf: sources.isOf,
    asked: sources.asked,
    isAsked: sources.isAsked,
    reader: {
      sources: sources.of,
      async versions(artifact, { source, signal } = {}) {
        if (source) {
          return await read(artifact, { source, signal }, "tags", ({ versions: versions }, signal) => versions(signal));
        }
        const { tags } = await registry.tags(publicRef(artifact), undefined, signal);
        return tags.map((tag) => ({ tag }));
      },
      async digest(artifact, tag, { source, signal } = {}) {
        if (!source) return await registry.digest(publicRef(artifact), tag, undefined, signal);
        return await read(artifact, { source, signal }, { followed: tag }, ({ digest }, signal) => digest(tag, signal));
      },
    },
  };
}

/** An image as its repository is read with the logins of one of its containers. */
interface ImageReader extends ArtifactReader {
  origin(digest: string): Promise<ImageOrigin | undefined>;
}

const DIGEST_BELIEVED_MS = 300_000;
const MOST_ORIGINS = 500;

function publicRef({ type, repository }: Artifact) {
  if (type === "chart") throw new Error("a chart is read by its source: registry.sources gives it");
  const { registry, repository: path } = parseReference(repository);
  return { registry, repository: path };
}

const isSameTag = (one: PollQuery, other: PollQuery): boolean =>
  one !== "tags" && other !== "tags" && one.followed === other.followed;

/** Why a reading failed, as its workload is told. */
export interface ReadFailure {
  /** Of which it is told once. */
  kind: string;
  /** A sentence. */
  message: string;
}

/**
 * What a workload is told of an error that its reading ended with. Undefined where nothing failed: nobody waits for it any more, or whoever
 * asked has to end.
 */
export function readFailureOf(repository: string, error: unknown, signal?: AbortSignal): ReadFailure | undefined {
  if (error instanceof RegistryError) return error;
  if (!(error instanceof Error) || error.name === "Unused") return undefined;
  const because = (kind: string, why: string) => ({ kind, message: `${repository} was not read: ${why}.` });
  if (error.name === "TimeoutError") return because("unreachable", error.message);
  if (signal?.aborted) return undefined;
  // who asks for what is none of the workload's business
  if (error instanceof KubeError) return because("secrets", "the API server does not give the Secrets that it takes");
  return because("internal", "the reason is an error in Headwind, which is in its log");
}

/** Of a tag that is followed and not there. */
function missingTag(repository: string, tag: string): ReadFailure {
  return { kind: "not-found", message: `the registry has no tag ${tag} of ${repository}.` };
}

/** No workload uses the source any more, so nobody waits for its answer. */
class Unused extends Error {
  override readonly name = "Unused";
}

const USED_CHECK_MS = 1000;

/** Does work that ends by the signal it is given: when the given one is aborted, or when what it is for is not used any more. */
async function whileUsed<T>(
  isUsed: () => boolean,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const end = () => stop.abort(given?.reason);
  const timer = setInterval(() => {
    if (!isUsed()) stop.abort(new Unused("no workload uses the source any more"));
  }, USED_CHECK_MS);
  if (given?.aborted) end();
  given?.addEventListener("abort", end, { once: true });
  try {
    return await work(stop.signal);
  } finally {
    clearInterval(timer);
    given?.removeEventListener("abort", end);
  }
}
