import type { ArtifactReader } from "./reading.ts";
import { type ArtifactSources, createArtifactSources } from "./artifact_sources.ts";
import type { Artifact, ArtifactSource, RegistryReader } from "../plugin.ts";
import type { ChartAccess } from "./chart_access.ts";
import { createShared } from "../lib/shared.ts";
import { type Credentials, identityOf } from "../registry/identity.ts";
import { parseReference } from "../versions/reference.ts";
import { type PullSecretReaders, readPullCredentials, withCredentials } from "../registry/credentials.ts";
import type { RegistryClient } from "../registry/client.ts";
import { whileUsed } from "./while_used.ts";
import type { SlotRef, WorkloadIndex } from "../workloads/workload_index.ts";
import type { PollQuery } from "../workloads/event_sources.ts";
import { type Failure, failureOf, missing } from "./failure.ts";
import type { VersionQuery } from "../workloads/source_events.ts";

/**
 * The digest that a tag (or a digest) of a container's repository has at the registry, or a version that a chart has;
 * undefined when there is none. Asked with the use's own login alone.
 */
export type VersionLookup = (slotRef: SlotRef, tag: string, signal?: AbortSignal) => Promise<string | undefined>;

/** Registries, asked with the pull credentials of the workloads that use them. All throw `RegistryError`. */
export interface RegistryAccess {
  lookup: VersionLookup;
  reader: RegistryReader;
  isOf: ArtifactSources["isOf"];
}

/** Told of what keeps an artifact from being read, and of its end. */
export interface ReadingWatch {
  /** A Secret that is left out. */
  warn(slotRef: SlotRef, message: string): void;
  /** To those who want it. */
  failed(slotRefs: readonly SlotRef[], reading: VersionQuery, failure: Failure): void;
  /** As `failed`. */
  wasRead(slotRefs: readonly SlotRef[], reading: VersionQuery): void;
}

export interface RegistryAccessOptions {
  registry: RegistryClient;
  index: Pick<WorkloadIndex, "slotsOf">;
  secrets: PullSecretReaders;
  charts: ChartAccess;
  watch: ReadingWatch;
}

export function createRegistryAccess(options: RegistryAccessOptions): RegistryAccess {
  const { registry, index, secrets, charts, watch } = options;
  const lookingUp = createShared<string | undefined>();

  async function imageReading(slotRef: SlotRef): Promise<ArtifactReader> {
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
    };
  }

  const sources = createArtifactSources({
    index,
    read: (slotRef) => slotRef.slot.type === "chart" ? charts.reading(slotRef) : imageReading(slotRef),
  });

  /** Reads of a source what some of its uses wish for, for as long as one of these is there; tells them, and nobody else, how it went. */
  async function read<T>(
    { repository }: Artifact,
    { source, signal }: { source: ArtifactSource; signal?: AbortSignal | undefined },
    wish: PollQuery,
    ask: (reading: ArtifactReader, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const reading = sources.readingOf(source);
    const isWanted = (other: PollQuery) => other === wish || isSameTag(other, wish);
    const slotRefs = () => sources.usesOf(source, isWanted);
    try {
      const answer = await whileUsed(() => sources.isUsed(source, isWanted), signal, (signal) => ask(reading, signal));
      if (answer !== undefined) watch.wasRead(slotRefs(), wish);
      else if (wish !== "tags") watch.failed(slotRefs(), wish, missing(repository, wish.followed));
      return answer;
    } catch (error) {
      const failure = failureOf(repository, error, signal);
      if (failure) watch.failed(slotRefs(), wish, failure);
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
    isOf: sources.isOf,
    reader: {
      sources: sources.of,
      async versions(artifact, { source, signal } = {}) {
        if (source) return await read(artifact, { source, signal }, "tags", ({ versions }, signal) => versions(signal));
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

function publicRef({ type, repository }: Artifact) {
  if (type === "chart") throw new Error("a chart is read by its source: registry.sources gives it");
  const { registry, repository: path } = parseReference(repository);
  return { registry, repository: path };
}

const isSameTag = (one: PollQuery, other: PollQuery): boolean =>
  one !== "tags" && other !== "tags" && one.followed === other.followed;
