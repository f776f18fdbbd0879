import { addWish, polledFor, type Wish } from "../match/polled.ts";
import type { Artifact, ArtifactSource, PolledSource } from "../plugin.ts";
import { type ArtifactReading, failedReading } from "./reading.ts";
import { sha256 } from "../registry/identity.ts";
import { wayOf } from "./way.ts";
import type { Use, WorkloadIndex } from "../match/index.ts";

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

  return {
    async of(artifact, intervals) {
      const byWay = new Map<string, { use: Use; polled: Omit<PolledSource, "source"> }>();
      for (const use of usesOfType(artifact)) {
        const wish = polledFor(use, intervals);
        if (!wish) continue;
        const way = wayOf(use);
        const { namespace } = use.workload;
        const one = byWay.get(way) ??
          { use, polled: { wantsTags: false, followedTags: [], namespaces: [namespace] } };
        byWay.set(way, one);
        addWish(one.polled, wish);
        if (!one.polled.namespaces.includes(namespace)) one.polled.namespaces = [...one.polled.namespaces, namespace];
      }
      const byIdentity = new Map<string, { polled: PolledSource; made: Made }>();
      const ways = [...byWay];
      for (let start = 0; start < ways.length; start += atOnce) {
        const some = ways.slice(start, start + atOnce);
        const readings = await Promise.all(
          some.map(([way, { use }]) => read(use).catch((error) => failedReading(way, error))),
        );
        for (const [at, [way, { polled }]] of some.entries()) {
          const reading = readings[at]!;
          const one = byIdentity.get(reading.identity) ?? {
            polled: {
              source: Object.freeze({ id: await sha256(text([salt, artifact, reading.identity])) }),
              wantsTags: false,
              followedTags: [],
              namespaces: [],
            },
            made: { artifact, reading, ways: new Set<string>() },
          };
          byIdentity.set(reading.identity, one);
          one.made.ways.add(way);
          one.polled.wantsTags ||= polled.wantsTags;
          one.polled.followedTags = [...new Set([...one.polled.followedTags, ...polled.followedTags])];
          one.polled.namespaces = [...new Set([...one.polled.namespaces, ...polled.namespaces])];
        }
      }
      const all = [...byIdentity.values()];
      for (const { polled, made: one } of all) made.set(polled.source, one);
      return all.map(({ polled }) => polled);
    },
    readingOf: (source) => known(source).reading,
    isOf: (source, use) => known(source).ways.has(wayOf(use)),
    usesOf(source, isWanted) {
      const { artifact, ways } = known(source);
      return usesOfType(artifact).filter((use) => {
        const wish = polledFor(use);
        return wish && isWanted(wish) && ways.has(wayOf(use));
      });
    },
  };
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
