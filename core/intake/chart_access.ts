import type { ArtifactReader } from "./artifact_sources.ts";
import {
  chartRepositoryRef,
  chartVersionOfTag,
  HELM_CONFIG_TYPE,
  InvalidChartSource,
  isOci,
  tagOfChartVersion,
} from "../versions/chart_repository.ts";
import type { ChartRepositories } from "../registry/helm/chart_repositories.ts";
import { chartOf } from "../versions/slot_reference.ts";
import type { ChartSource, SeenVersion } from "../plugin.ts";
import { type Credentials, identityOf } from "../registry/credentials.ts";
import { highestWithin, isRange } from "../versions/range.ts";
import { type PullSecretReaders, withCredentials } from "../registry/pull_credentials.ts";
import { readChartCredentials } from "../registry/helm/source_secrets.ts";
import type { RegistryClient, RepositoryRef } from "../registry/registry_client.ts";
import { RegistryError } from "../registry/registry_error.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/** The places that charts come from, each asked with the login of a slot's own source. All throw `RegistryError`. */
export interface ChartAccess {
  /** How a slot's chart is read from its source. */
  readerOf(slotRef: SlotRef): Promise<ArtifactReader>;
  /** The version, if the chart has it; of a range the highest that is in it. */
  lookup(slotRef: SlotRef, version: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface ChartAccessOptions {
  registry: RegistryClient;
  repositories: Pick<ChartRepositories, "open">;
  secrets: Pick<PullSecretReaders, "getSecret">;
  /** Told of a Secret that is left out. */
  warn(slotRef: SlotRef, message: string): void;
}

type Ask<T> = (ref: RepositoryRef, credentials?: Credentials) => Promise<T>;

export function createChartAccess({ registry, repositories, secrets, warn }: ChartAccessOptions): ChartAccess {
  async function loginsOf(slotRef: SlotRef, { url, namespace, secret, insecure }: ChartSource) {
    const ref = { ...refOf(url, chartOf(slotRef.slot)), onBehalfOf: slotRef.workload.namespace };
    const from = { namespace, ...(secret === undefined ? {} : { secret }) };
    const { credentials, warnings } = await readChartCredentials(secrets, from, ref);
    for (const warning of warnings) warn(slotRef, warning);
    return { ref: insecure ? { ...ref, plain: true as const } : ref, credentials };
  }

  async function inRegistry<T>(slotRef: SlotRef, source: ChartSource, ask: Ask<T>): Promise<T> {
    const { ref, credentials } = await loginsOf(slotRef, source);
    return await withCredentials(credentials, (login) => ask(ref, login));
  }

  async function reading(slotRef: SlotRef): Promise<ArtifactReader> {
    const source = sourceOf(slotRef);
    const chart = chartOf(slotRef.slot);
    const digest = () => Promise.resolve(undefined);
    if (!isOci(source.url)) {
      const repository = await repositories.open(source);
      return {
        identity: JSON.stringify(["index", chart, repository.identity]),
        async versions(signal) {
          const versions = await repository.versions(chart, signal);
          return versions.map(({ version, deprecated }) => ({ tag: version, ...(deprecated ? { deprecated } : {}) }));
        },
        digest,
      };
    }
    const { ref, credentials } = await loginsOf(slotRef, source);
    const logins = await Promise.all(credentials.map(identityOf));
    return {
      identity: JSON.stringify(["oci", ref.registry, ref.repository, source.insecure === true, ...logins]),
      async versions(signal): Promise<SeenVersion[]> {
        const { tags } = await withCredentials(credentials, (login) => registry.tags(ref, login, signal));
        return tags.map((tag) => ({ tag: chartVersionOfTag(tag) }));
      },
      digest,
    };
  }

  return {
    readerOf: reading,
    async lookup(slotRef, version, signal) {
      const { source } = slotRef.slot;
      if (!source) return undefined;
      const versions = async () => (await (await reading(slotRef)).versions(signal)).map(({ tag }) => tag);
      const one = isRange(version) ? highestWithin(await versions(), version) : version;
      if (one === undefined) return undefined;
      if (!isOci(source.url)) return (await versions()).includes(one) ? one : undefined;
      const ask: Ask<string | undefined> = (ref, login) =>
        registry.configType(ref, tagOfChartVersion(one), login, signal);
      return await inRegistry(slotRef, source, ask) === HELM_CONFIG_TYPE ? one : undefined;
    },
  };
}

function sourceOf({ slot }: SlotRef): ChartSource {
  if (slot.source) return slot.source;
  throw new RegistryError("garbage", "", `Where the chart ${chartOf(slot)} comes from is not known.`);
}

function refOf(url: string, chart: string): Pick<RepositoryRef, "registry" | "repository"> {
  try {
    return chartRepositoryRef(url, chart);
  } catch (error) {
    if (!(error instanceof InvalidChartSource)) throw error;
    throw new RegistryError("garbage", "", error.message);
  }
}
