import type { Artifact, ChartSource, Log, SeenVersion } from "../plugin.ts";
import { chartRepositoryRef, chartVersionOfTag, HELM_CONFIG_TYPE, isOci, tagOfChartVersion } from "../charts/oci.ts";
import { type ChartRepositories } from "../charts/repository.ts";
import { highestWithin, isRange } from "../charts/range.ts";
import { readChartCredentials } from "../charts/credentials.ts";
import { chartOf } from "../updates/slot_text.ts";
import type { Credentials } from "../registry/identity.ts";
import { type PullSecretReaders, withCredentials } from "../registry/credentials.ts";
import type { RegistryClient, RepositoryRef } from "../registry/client.ts";
import { RegistryError } from "../registry/errors.ts";
import type { Use, WorkloadIndex } from "../match/index.ts";

/** The places that charts come from, asked with the logins of their sources. All throw `RegistryError`. */
export interface ChartAccess {
  /** All versions of a chart that some workload follows. */
  versions(artifact: Artifact): Promise<SeenVersion[]>;
  /** The version, if the chart has it; of a range the highest that is in it. */
  lookup(use: Use, version: string): Promise<string | undefined>;
}

export interface ChartAccessOptions {
  registry: RegistryClient;
  repositories: ChartRepositories;
  index: Pick<WorkloadIndex, "uses">;
  secrets: Pick<PullSecretReaders, "getSecret">;
  log: Pick<Log, "warn">;
}

/** Sources of one chart whose logins are tried before its poll fails. */
const mostSources = 3;

export function createChartAccess({ registry, repositories, index, secrets, log }: ChartAccessOptions): ChartAccess {
  async function inRegistry<T>(source: ChartSource, chart: string, ask: Ask<T>): Promise<T> {
    const ref = chartRepositoryRef(source.url, chart);
    const { credentials, warnings } = await readChartCredentials(secrets, source, ref);
    for (const warning of warnings) log.warn(warning, { namespace: source.namespace });
    const plain = source.insecure ? { ...ref, plain: true as const } : ref;
    return await withCredentials(credentials, (login) => ask(plain, login));
  }

  async function versionsOf(source: ChartSource, chart: string): Promise<SeenVersion[]> {
    if (!isOci(source.url)) {
      const versions = await repositories.versions(source, chart);
      return versions.map(({ version, deprecated }) => ({ tag: version, ...(deprecated ? { deprecated } : {}) }));
    }
    const { tags } = await inRegistry(source, chart, (ref, login) => registry.tags(ref, login));
    return tags.map((tag) => ({ tag: chartVersionOfTag(tag) }));
  }

  return {
    async versions(artifact) {
      let refusal: unknown;
      for (const { source, chart } of sourcesOf(index, artifact)) {
        try {
          return await versionsOf(source, chart);
        } catch (error) {
          if (!(error instanceof RegistryError) || error.kind !== "unauthorized") throw error;
          refusal ??= error;
        }
      }
      throw refusal ?? new Error(`no workload uses ${artifact.repository}`);
    },
    async lookup({ slot }, version) {
      const { source } = slot;
      const chart = chartOf(slot);
      if (!source) return undefined;
      const one = isRange(version)
        ? highestWithin((await versionsOf(source, chart)).map(({ tag }) => tag), version)
        : version;
      if (one === undefined) return undefined;
      if (!isOci(source.url)) {
        return (await versionsOf(source, chart)).some(({ tag }) => tag === one) ? one : undefined;
      }
      const type = await inRegistry(
        source,
        chart,
        (ref, login) => registry.configType(ref, tagOfChartVersion(one), login),
      );
      return type === HELM_CONFIG_TYPE ? one : undefined;
    },
  };
}

type Ask<T> = (ref: RepositoryRef, credentials?: Credentials) => Promise<T>;

/** A few sources of a chart with different logins. */
function sourcesOf(
  index: Pick<WorkloadIndex, "uses">,
  { repository }: Artifact,
): { source: ChartSource; chart: string }[] {
  const byIdentity = new Map<string, { source: ChartSource; chart: string }>();
  for (const { slot } of index.uses(repository)) {
    const { source, type } = slot;
    if (type !== "chart" || !source) continue;
    const identity = JSON.stringify([source.url, source.namespace, source.secret, source.certSecret]);
    if (!byIdentity.has(identity)) byIdentity.set(identity, { source, chart: chartOf(slot) });
    if (byIdentity.size === mostSources) break;
  }
  return [...byIdentity.values()];
}
