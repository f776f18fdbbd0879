import { confirm } from "./confirmed.ts";
import { createChartAccess } from "../../../core/intake/chart_access.ts";
import { createChartRepositories } from "../../../core/registry/helm/chart_repositories.ts";
import { isOci } from "../../../core/versions/chart_repository.ts";
import type { PullSecretReaders } from "../../../core/registry/pull_credentials.ts";
import type { RegistryAnswer } from "./registry.ts";
import { type RegistryClient, RegistryError } from "../../../core/registry/registry_client.ts";
import type { Slot } from "../../../core/plugin.ts";
import type { TryCertificate } from "../../../core/runtime/certificate_trial.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

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

  /** Throws `RegistryError`. `warnings` gets a sentence for each Secret that cannot be used. */
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
