import {
  addPollQuery,
  checkQueryFor,
  noPollQueries,
  type PollQueries,
  type PollQuery,
  pollQueryFor,
} from "../workloads/event_sources.ts";
import type { Artifact, ArtifactSource, PolledSource, SeenVersion } from "../plugin.ts";
import { forEachFairly } from "../lib/for_each_fairly.ts";
import { sha256 } from "../registry/credentials.ts";
import { keyOf, type SlotRef, type WorkloadIndex } from "../workloads/workload_index.ts";
import { chartOf } from "../versions/slot_reference.ts";

/** The sources of artifacts: slots, grouped by the address and the login that their artifact is really read with. */
export interface ArtifactSources {
  /** As `RegistryReader.sources`. */
  of(artifact: Artifact, intervals?: readonly number[]): Promise<PolledSource[]>;
  /** As `of`, of those workloads alone, by their keys, whether they are polled or not: somebody asks for them. */
  asked(artifact: Artifact, workloads: ReadonlySet<string>): Promise<PolledSource[]>;
  /** Whether a source was made for what somebody asks. */
  isAsked(source: ArtifactSource): boolean;
  /**
   * How a source is read.
   *
   * @throws for one that was not made here
   */
  readerOf(source: ArtifactSource): ArtifactReader;
  /**
   * Whether a slot is one of a source's.
   *
   * @throws for one that was not made here
   */
  isOf(source: ArtifactSource, slotRef: SlotRef): boolean;
  /** The slots that a source still has, of those that want what `isWanted` says of a poll. */
  slotsOf(source: ArtifactSource, isWanted: (query: PollQuery) => boolean): SlotRef[];
  /** Whether there is one, which costs less to say. */
  isUsed(source: ArtifactSource, isWanted: (query: PollQuery) => boolean): boolean;
}

export interface ArtifactSourcesOptions {
  index: Pick<WorkloadIndex, "slotsOf">;
  /** Finds the login of a slot. */
  read(slotRef: SlotRef): Promise<ArtifactReader>;
}

interface Made {
  artifact: Artifact;
  reading: ArtifactReader;
  accessKeys: Set<string>;
  /** Where it was made for some workloads alone: their keys. */
  only: ReadonlySet<string> | undefined;
}

type Grouped = PollQueries & { source: ArtifactSource; namespaces: Set<string>; made: Made };

/** Ways whose logins are looked for at once. */
const CONCURRENCY = 16;

/** A source knows its slots by their access keys, not by their names: what begins to use it meanwhile with the same key is among them. */
export function createArtifactSources({ index, read }: ArtifactSourcesOptions): ArtifactSources {
  const made = new WeakMap<ArtifactSource, Made>();
  const salt = crypto.randomUUID();

  const known = (source: ArtifactSource): Made => {
    const found = made.get(source);
    if (!found) throw new Error("the source is none that registry.sources gave");
    return found;
  };
  const slotsOfType = ({ type, repository }: Artifact) =>
    index.slotsOf(repository).filter(({ slot }) => slot.type === type);

  const isIn = ({ accessKeys, only }: Made, slotRef: SlotRef): boolean =>
    (only === undefined || only.has(keyOf(slotRef.workload))) && accessKeys.has(accessKey(slotRef));

  const wants = (source: ArtifactSource, isWanted: (query: PollQuery) => boolean) => {
    const made = known(source);
    return (slotRef: SlotRef): boolean => {
      const query = made.only ? checkQueryFor(slotRef) : pollQueryFor(slotRef);
      return query !== undefined && isWanted(query) && isIn(made, slotRef);
    };
  };

  /** What each key is read with, found out by the first slot that has it. */
  async function readEach(
    slotRefs: readonly { slotRef: SlotRef; key: string }[],
  ): Promise<Map<string, ArtifactReader>> {
    const firsts = new Map<string, SlotRef>();
    for (const { slotRef, key } of slotRefs) if (!firsts.has(key)) firsts.set(key, slotRef);
    const readings = new Map<string, ArtifactReader>();
    const ownerOf = ([, { workload }]: [string, SlotRef]) => workload.namespace;
    await forEachFairly([...firsts], { atOnce: CONCURRENCY, ownerOf, isOver: () => false }, async ([key, slotRef]) => {
      readings.set(key, await read(slotRef).catch((error) => failingReader(JSON.stringify(["failed", key]), error)));
    });
    return readings;
  }

  /** Those of an artifact's slots that a query is known for, by what they are read with. */
  async function group(
    artifact: Artifact,
    queryOf: (slotRef: SlotRef) => PollQuery | undefined,
    only?: ReadonlySet<string>,
  ): Promise<PolledSource[]> {
    const queried = slotsOfType(artifact).flatMap((slotRef) => {
      const query = queryOf(slotRef);
      return query ? [{ slotRef, query, key: accessKey(slotRef) }] : [];
    });
    const readings = await readEach(queried);
    const byIdentity = new Map<string, Grouped>();
    for (const { slotRef, query, key } of queried) {
      const reading = readings.get(key)!;
      const { identity } = reading;
      const one: Grouped = byIdentity.get(identity) ?? {
        source: Object.freeze({ id: await sha256(text([salt, artifact, identity, only !== undefined])) }),
        ...noPollQueries(),
        namespaces: new Set(),
        made: { artifact, reading, accessKeys: new Set(), only },
      };
      byIdentity.set(identity, one);
      one.made.accessKeys.add(key);
      one.namespaces.add(slotRef.workload.namespace);
      addPollQuery(one, query);
    }
    return [...byIdentity.values()].map(({ source, made: one, namespaces, wantsTags, followedTags }) => {
      made.set(source, one);
      return { source, wantsTags, followedTags: [...followedTags], namespaces: [...namespaces] };
    });
  }

  return {
    of: (artifact, intervals) => group(artifact, (slotRef) => pollQueryFor(slotRef, intervals)),
    asked: (artifact, workloads) =>
      group(
        artifact,
        (slotRef) => workloads.has(keyOf(slotRef.workload)) ? checkQueryFor(slotRef) : undefined,
        workloads,
      ),
    isAsked: (source) => known(source).only !== undefined,
    readerOf: (source) => known(source).reading,
    isOf: (source, slotRef) => isIn(known(source), slotRef),
    slotsOf: (source, isWanted) => slotsOfType(known(source).artifact).filter(wants(source, isWanted)),
    isUsed: (source, isWanted) => slotsOfType(known(source).artifact).some(wants(source, isWanted)),
  };
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** An artifact as it is read from one address with one login. All throw `RegistryError`. */
export interface ArtifactReader {
  /** Equal for what is read from the same address with the same login. No secret can be found from it. */
  identity: string;
  /** All versions, or an error: never half a list. */
  versions(signal?: AbortSignal): Promise<SeenVersion[]>;
  /** The digest of a tag of an image; undefined when there is no such tag. */
  digest(tag: string, signal?: AbortSignal): Promise<string | undefined>;
}

/** One that cannot begin. */
function failingReader(identity: string, error: unknown): ArtifactReader {
  const fail = () => Promise.reject(error);
  return { identity, versions: fail, digest: fail };
}

/**
 * Names the way by which a slot's artifact is read, as its objects write it: equal for slots that name the same address and the same Secrets
 * of the same namespace. Different keys may lead to the same login.
 */
export function accessKey({ workload, slot }: SlotRef): string {
  if (slot.type === "chart") {
    const { url, namespace, secret, certSecret, passCredentials, insecure } = slot.source ?? { url: "", namespace: "" };
    return JSON.stringify([chartOf(slot), url, namespace, secret, certSecret, passCredentials, insecure]);
  }
  const { namespace, serviceAccount, pullSecrets } = workload;
  return JSON.stringify([namespace, serviceAccount, ...pullSecrets]);
}
