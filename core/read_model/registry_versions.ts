import { createFetch } from "../runtime/fetch.ts";
import {
  createRegistryClient,
  type Credentials,
  type RegistryClient,
  RegistryError,
} from "../registry/registry_client.ts";
import { definitionOf } from "../policy/policies.ts";
import { parseReference } from "../versions/reference.ts";
import { type PullSecretReaders, readPullCredentials, withCredentials } from "../registry/pull_credentials.ts";
import { secretReader } from "../kube/secret_reader.ts";
import { type TryCertificate, tryCertificate } from "../runtime/certificates.ts";
import type { KubeClient } from "../kube/client.ts";
import type { SeenVersion, Slot } from "../plugin.ts";
import type { Workload } from "../workloads/workload.ts";
import { createChartAccess } from "../intake/chart_access.ts";
import { createChartRepositories } from "../registry/helm/chart_repositories.ts";
import { isOci } from "../versions/chart_repository.ts";
import { decide } from "../policy/decide.ts";
import { readAs } from "../versions/compare.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/** What the registry says of a container's repository, or a Helm repository of a chart. */
export type RegistryAnswer =
  & {
    /** What is wrong with the Secrets, a sentence each. */
    warnings: string[];
  }
  & (
    /** All versions there are; of a chart in a registry also which of them are charts. */
    | { versions: SeenVersion[] } & Partial<Confirmed>
    /** For policy `force`: the tag that is followed, and its digest; undefined when there is no such tag. */
    | { followed: string; digest: string | undefined }
    | { unreachable: string }
  );

export interface RegistryReader {
  /** What the policy of the workload chooses from. */
  read(workload: Workload, slot: Slot): Promise<RegistryAnswer>;
  close(): void;
}

export interface RegistryReaderOptions {
  /** PEM certificates of authorities, besides the well-known ones. */
  ca: readonly string[];
  /** Registries that plain http is allowed for. */
  insecure: readonly string[];
  /** Most bytes that the index of a Helm repository may have. */
  indexLimit: number;
  /** Whether client certificates in Secrets of Helm repositories are used. */
  clientCertificates: boolean;
}

const patienceMs = 20_000;

/** The registries as this user reaches them: from this machine, with the Secrets that they may read. */
export function createRegistryReader(client: KubeClient, options: RegistryReaderOptions): RegistryReader {
  const { ca, insecure, indexLimit: limit, clientCertificates } = options;
  const outside = createFetch({ ca: [...ca] });
  const late = new AbortController();
  const { signal } = late;
  const registry = createRegistryClient({ fetch: outside.fetch, insecure, signal });
  const secrets = secretReader(client);
  const trial = clientCertificates ? { tryCertificate } : {};
  const charts = createChartReader({ registry, secrets, ca, insecure, limit, signal, ...trial });

  async function readImages(workload: Workload, slot: Slot, warnings: string[]): Promise<RegistryAnswer> {
    const { namespace, pullSecrets, serviceAccount, settings } = workload;
    const ref = parseReference(slot.current);
    const from = { pullSecrets, ...(serviceAccount ? { serviceAccount } : {}) };
    const found = await readPullCredentials(secrets, namespace, from, ref);
    warnings.push(...found.warnings);
    return await withCredentials(found.credentials, async (login?: Credentials) => {
      if (!settings || definitionOf(settings.policy).follows !== "digest") {
        return { warnings, versions: (await registry.tags(ref, login)).tags.map((tag) => ({ tag })) };
      }
      const followed = ref.tag ?? "latest";
      return { warnings, followed, digest: await registry.digest(ref, followed, login) };
    });
  }

  return {
    close() {
      outside.close();
      charts.close();
    },
    async read(workload, slot) {
      const host = slot.source ? new URL(slot.source.url).host : parseReference(slot.current).registry;
      const message = `${host} gave no answer in ${patienceMs / 1000} s.`;
      const timer = setTimeout(() => late.abort(new RegistryError("unreachable", host, message)), patienceMs);
      const warnings: string[] = [];
      try {
        return await (slot.type === "chart" ? charts.read : readImages)(workload, slot, warnings);
      } catch (error) {
        if (error instanceof RegistryError) return { warnings, unreachable: withCause(error) };
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

export interface ChartReaderOptions {
  registry: RegistryClient;
  secrets: PullSecretReaders;
  ca: readonly string[];
  insecure: readonly string[];
  /** Bytes of an index. */
  limit: number;
  signal: AbortSignal;
  tryCertificate?: TryCertificate;
}

/** Reads the versions of charts where Headwind finds them: in a Helm repository's index, or a registry's list of tags. */
export function createChartReader({ registry, secrets, ...options }: ChartReaderOptions) {
  const repositories = createChartRepositories({ wanted: () => [], secrets, ...options });

  /** @throws {RegistryError} . `warnings` gets a sentence for each Secret that cannot be used */
  async function read(workload: Workload, slot: Slot, warnings: string[]): Promise<RegistryAnswer> {
    const slotRef = { workload, slot };
    const access = createChartAccess({
      registry,
      repositories,
      secrets,
      warn: (_, message) => void (warnings.includes(message) || warnings.push(message)),
    });
    const versions = await (await access.readerOf(slotRef)).versions();
    if (!isOci(slot.source!.url)) return { warnings, versions };
    try {
      const isChart = async (version: string) => await access.lookup(slotRef, version) !== undefined;
      return { warnings, versions, ...await confirm(slotRef, versions, isChart) };
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      return { warnings: [...warnings, error.message], versions };
    }
  }
  return { read, close: repositories.close };
}

/** Which of the versions that the policy would take the registry has charts for: it lists images and signatures too. */
export interface Confirmed {
  /** The version that is taken; absent where none is. */
  chart?: string;
  /** Versions that would be taken before it, if there were charts of them. */
  noCharts: string[];
}

/** Versions that are asked about, from the highest on. */
const mostAsked = 5;

/**
 * Asks about the version that is taken, and about the next one where that is no chart.
 *
 * @throws what `isChart` throws
 */
export async function confirm(
  { workload: { settings }, slot }: SlotRef,
  versions: readonly SeenVersion[],
  isChart: (version: string) => Promise<boolean>,
): Promise<Confirmed> {
  const noCharts: string[] = [];
  const current = readAs(slot, slot.current);
  while (settings && current && noCharts.length < mostAsked) {
    const candidates = versions.filter(({ tag }) => !noCharts.includes(tag));
    const { verdicts } = decide({ policy: settings.policy, type: "chart", current, candidates, complete: true });
    const chart = verdicts.find(({ taken }) => taken)?.candidate.tag;
    if (chart === undefined) break;
    if (await isChart(chart)) return { chart, noCharts };
    noCharts.push(chart);
  }
  return { noCharts };
}

/** The cause has addresses, which are this person's own to see. */
export function withCause({ message, cause }: Error): string {
  return cause instanceof Error ? `${message.replace(/\.$/, "")}: ${cause.message.replace(/\.$/, "")}` : message;
}
