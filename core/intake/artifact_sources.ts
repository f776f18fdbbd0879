import {
  addPollQuery,
  noPollQueries,
  type PollQueries,
  type PollQuery,
  pollQueryFor,
} from "../workloads/event_sources.ts";
import type { Artifact, ArtifactSource, PolledSource } from "../plugin.ts";
import { eachApart } from "../lib/each_apart.ts";
import { type ArtifactReader, failingReader } from "./reading.ts";
import { sha256 } from "../registry/identity.ts";
import { accessKey } from "./way.ts";
import type { SlotRef, WorkloadIndex } from "../workloads/workload_index.ts";

/** The sources of artifacts: uses, grouped by the address and the login that their artifact is really read with. */
export interface ArtifactSources {
  /** As `RegistryReader.sources`. */
  of(artifact: Artifact, intervals?: readonly number[]): Promise<PolledSource[]>;
  /** How a source is read. Throws for one that was not made here. */
  readingOf(source: ArtifactSource): ArtifactReader;
  /** Whether a use is one of a source's. Throws for one that was not made here. */
  isOf(source: ArtifactSource, slotRef: SlotRef): boolean;
  /** The uses that a source still has, of those that want what `isWanted` says of a poll. */
  usesOf(source: ArtifactSource, isWanted: (wish: PollQuery) => boolean): SlotRef[];
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
    await eachApart([...firsts], { atOnce, ownerOf, isOver: () => false }, async ([way, slotRef]) => {
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
    readingOf: (source) => known(source).reading,
    isOf: (source, slotRef) => known(source).ways.has(accessKey(slotRef)),
    usesOf: (source, isWanted) => usesOfType(known(source).artifact).filter(wants(source, isWanted)),
    isUsed: (source, isWanted) => usesOfType(known(source).artifact).some(wants(source, isWanted)),
  };
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
