import { addWish, noWishes, polledFor, type Wish, type Wishes } from "../workloads/polled.ts";
import type { Artifact, ArtifactSource, PolledSource } from "../plugin.ts";
import { eachApart } from "../lib/each_apart.ts";
import { type ArtifactReading, failedReading } from "./reading.ts";
import { sha256 } from "../registry/identity.ts";
import { wayOf } from "./way.ts";
import type { Use, WorkloadIndex } from "../workloads/index.ts";

/** The sources of artifacts: uses, grouped by the address and the login that their artifact is really read with. */
export interface ArtifactSources {
  /** As `RegistryReader.sources`. */
  of(artifact: Artifact, intervals?: readonly number[]): Promise<PolledSource[]>;
  /** How a source is read. Throws for one that was not made here. */
  readingOf(source: ArtifactSource): ArtifactReading;
  /** Whether a use is one of a source's. Throws for one that was not made here. */
  isOf(source: ArtifactSource, use: Use): boolean;
  /** The uses that a source still has, of those that want what `isWanted` says of a poll. */
  usesOf(source: ArtifactSource, isWanted: (wish: Wish) => boolean): Use[];
  /** Whether there is one, which costs less to say. */
  isUsed(source: ArtifactSource, isWanted: (wish: Wish) => boolean): boolean;
}

export interface ArtifactSourcesOptions {
  index: Pick<WorkloadIndex, "uses">;
  /** Finds the login of a use. */
  read(use: Use): Promise<ArtifactReading>;
}

interface Made {
  artifact: Artifact;
  reading: ArtifactReading;
  ways: Set<string>;
}

type Grouped = Wishes & { source: ArtifactSource; namespaces: Set<string>; made: Made };

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
    index.uses(repository).filter(({ slot }) => slot.type === type);

  const wants = (source: ArtifactSource, isWanted: (wish: Wish) => boolean) => {
    const { ways } = known(source);
    return (use: Use): boolean => {
      const wish = polledFor(use);
      return wish !== undefined && isWanted(wish) && ways.has(wayOf(use));
    };
  };

  /** How each way is read, found out by the first use of it. */
  async function readEach(uses: readonly { use: Use; way: string }[]): Promise<Map<string, ArtifactReading>> {
    const firsts = new Map<string, Use>();
    for (const { use, way } of uses) if (!firsts.has(way)) firsts.set(way, use);
    const readings = new Map<string, ArtifactReading>();
    const ownerOf = ([, { workload }]: [string, Use]) => workload.namespace;
    await eachApart([...firsts], { atOnce, ownerOf, isOver: () => false }, async ([way, use]) => {
      readings.set(way, await read(use).catch((error) => failedReading(JSON.stringify(["failed", way]), error)));
    });
    return readings;
  }

  return {
    async of(artifact, intervals) {
      const wishes = usesOfType(artifact).flatMap((use) => {
        const wish = polledFor(use, intervals);
        return wish ? [{ use, wish, way: wayOf(use) }] : [];
      });
      const readings = await readEach(wishes);
      const byIdentity = new Map<string, Grouped>();
      for (const { use, wish, way } of wishes) {
        const reading = readings.get(way)!;
        const { identity } = reading;
        const one: Grouped = byIdentity.get(identity) ?? {
          source: Object.freeze({ id: await sha256(text([salt, artifact, identity])) }),
          ...noWishes(),
          namespaces: new Set(),
          made: { artifact, reading, ways: new Set() },
        };
        byIdentity.set(identity, one);
        one.made.ways.add(way);
        one.namespaces.add(use.workload.namespace);
        addWish(one, wish);
      }
      return [...byIdentity.values()].map(({ source, made: one, namespaces, wantsTags, followedTags }) => {
        made.set(source, one);
        return { source, wantsTags, followedTags: [...followedTags], namespaces: [...namespaces] };
      });
    },
    readingOf: (source) => known(source).reading,
    isOf: (source, use) => known(source).ways.has(wayOf(use)),
    usesOf: (source, isWanted) => usesOfType(known(source).artifact).filter(wants(source, isWanted)),
    isUsed: (source, isWanted) => usesOfType(known(source).artifact).some(wants(source, isWanted)),
  };
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
