import {
  addPollQuery,
  noPollQueries,
  type PollQueries,
  type PollQuery,
  pollQueryFor,
} from "../workloads/event_sources.ts";
import type { Artifact, ArtifactSource, PolledSource, SeenVersion } from "../plugin.ts";
import { forEachFairly } from "../lib/for_each_fairly.ts";
import { sha256 } from "../registry/credentials.ts";
import type { SlotRef, WorkloadIndex } from "../workloads/workload_index.ts";
import { chartOf } from "../versions/slot_reference.ts";

/** The sources of artifacts: uses, grouped by the address and the login that their artifact is really read with. */
export interface ArtifactSources {
  /** As `RegistryReader.sources`. */
  of(artifact: Artifact, intervals?: readonly number[]): Promise<PolledSource[]>;
  /** How a source is read. Throws for one that was not made here. */
  readerOf(source: ArtifactSource): ArtifactReader;
  /** Whether a use is one of a source's. Throws for one that was not made here. */
  isOf(source: ArtifactSource, slotRef: SlotRef): boolean;
  /** The uses that a source still has, of those that want what `isWanted` says of a poll. */
  slotsOf(source: ArtifactSource, isWanted: (wish: PollQuery) => boolean): SlotRef[];
  /** Whether there is one, which costs less to say. */
  isUsed(source: ArtifactSource, isWanted: (wish: PollQuery) => boolean): boolean;
}

export interface ArtifactSourcesOptions {
  index: Pick<WorkloadIndex, "slotsOf">;
  /** Finds the login of a use. */
  read(slotRef: SlotRef): Promise<ArtifactReader>;
}

interface Made {
  artifact: Artifact;
  reading: ArtifactReader;
  ways: Set<string>;
}

type Grouped = PollQueries & { source: ArtifactSource; namespaces: Set<string>; made: Made };

/** Ways whose logins are looked for at once. */
const atOnce = 16;

/** A source knows its uses by their ways, not by their names: what begins to use it meanwhile by the same way is among them. */
export function createArtifactSources({ index, read }: ArtifactSourcesOptions): ArtifactSources {
  const made = new WeakMap<ArtifactSource, Made>();
  const salt = crypto.randomUUID();

  const known = (source: ArtifactSource): Made => {
    const found = made.get(source);
    if (!found) throw new Error("the source is none that registry.sources gave");
    return found;
  };
  const usesOfType = ({ type, repository }: Artifact) =>
    index.slotsOf(repository).filter(({ slot }) => slot.type === type);

  const wants = (source: ArtifactSource, isWanted: (wish: PollQuery) => boolean) => {
    const { ways } = known(source);
    return (slotRef: SlotRef): boolean => {
      const wish = pollQueryFor(slotRef);
      return wish !== undefined && isWanted(wish) && ways.has(accessKey(slotRef));
    };
  };

  /** How each way is read, found out by the first use of it. */
  async function readEach(
    slotRefs: readonly { slotRef: SlotRef; way: string }[],
  ): Promise<Map<string, ArtifactReader>> {
    const firsts = new Map<string, SlotRef>();
    for (const { slotRef, way } of slotRefs) if (!firsts.has(way)) firsts.set(way, slotRef);
    const readings = new Map<string, ArtifactReader>();
    const ownerOf = ([, { workload }]: [string, SlotRef]) => workload.namespace;
    await forEachFairly([...firsts], { atOnce, ownerOf, isOver: () => false }, async ([way, slotRef]) => {
      readings.set(way, await read(slotRef).catch((error) => failingReader(JSON.stringify(["failed", way]), error)));
    });
    return readings;
  }

  return {
    async of(artifact, intervals) {
      const wishes = usesOfType(artifact).flatMap((slotRef) => {
        const wish = pollQueryFor(slotRef, intervals);
        return wish ? [{ slotRef, wish, way: accessKey(slotRef) }] : [];
      });
      const readings = await readEach(wishes);
      const byIdentity = new Map<string, Grouped>();
      for (const { slotRef, wish, way } of wishes) {
        const reading = readings.get(way)!;
        const { identity } = reading;
        const one: Grouped = byIdentity.get(identity) ?? {
          source: Object.freeze({ id: await sha256(text([salt, artifact, identity])) }),
          ...noPollQueries(),
          namespaces: new Set(),
          made: { artifact, reading, ways: new Set() },
        };
        byIdentity.set(identity, one);
        one.made.ways.add(way);
        one.namespaces.add(slotRef.workload.namespace);
        addPollQuery(one, wish);
      }
      return [...byIdentity.values()].map(({ source, made: one, namespaces, wantsTags, followedTags }) => {
        made.set(source, one);
        return { source, wantsTags, followedTags: [...followedTags], namespaces: [...namespaces] };
      });
    },
    readerOf: (source) => known(source).reading,
    isOf: (source, slotRef) => known(source).ways.has(accessKey(slotRef)),
    slotsOf: (source, isWanted) => usesOfType(known(source).artifact).filter(wants(source, isWanted)),
    isUsed: (source, isWanted) => usesOfType(known(source).artifact).some(wants(source, isWanted)),
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
export function failingReader(identity: string, error: unknown): ArtifactReader {
  const fail = () => Promise.reject(error);
  return { identity, versions: fail, digest: fail };
}

/**
 * The way by which a use's artifact is read, as its objects write it: equal for uses that name the same address and the same Secrets
 * of the same namespace. Different ways may lead to the same login.
 */
export function accessKey({ workload, slot }: SlotRef): string {
  if (slot.type === "chart") {
    const { url, namespace, secret, certSecret, passCredentials, insecure } = slot.source ?? { url: "", namespace: "" };
    return JSON.stringify([chartOf(slot), url, namespace, secret, certSecret, passCredentials, insecure]);
  }
  const { namespace, serviceAccount, pullSecrets } = workload;
  return JSON.stringify([namespace, serviceAccount, ...pullSecrets]);
}
