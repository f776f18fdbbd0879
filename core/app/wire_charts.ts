import { type ChartAccess, createChartAccess } from "../intake/chart_access.ts";
import { chartOf } from "../versions/slot_reference.ts";
import type { Cluster } from "./wire_cluster.ts";
import { createChartRepositories } from "../registry/helm/chart_repositories.ts";
import { isOci } from "../versions/chart_repository.ts";
import type { OperatorContext } from "./operator_context.ts";
import type { ReadingWatch } from "../intake/registry_access.ts";
import type { RegistryClient } from "../registry/registry_client.ts";
import type { RegistryStates } from "../registry/registry_states.ts";
import type { ResponseMemory } from "../registry/response_memory.ts";
import type { secretReader } from "../kube/secret_reader.ts";
import { tryCertificate } from "../runtime/certificates.ts";

export interface ChartsOptions {
  registry: RegistryClient;
  registries: Pick<RegistryStates, "requested" | "failed">;
  secrets: ReturnType<typeof secretReader>;
  watch: ReadingWatch;
  /** Memory for answers. */
  memory: ResponseMemory;
}

/** The way to the versions of charts, with its numbers. */
export function createCharts(context: OperatorContext, cluster: Cluster, options: ChartsOptions): ChartAccess {
  const { config, metrics, ending } = context;
  const { registry, registries, secrets, watch, memory } = options;
  const repositories = createChartRepositories({
    wanted: (url) => chartsOf(cluster, url),
    secrets,
    memory,
    ca: context.ca,
    guard: context.guard,
    insecure: config.HEADWIND_INSECURE_REGISTRIES,
    limit: config.HEADWIND_HELM_INDEX_LIMIT * 1_000_000,
    ...(config.HEADWIND_HELM_CLIENT_CERTIFICATES ? { tryCertificate } : {}),
    onQuery({ host, seconds, outcome, who, error }) {
      counted(seconds, outcome === "failed");
      const status = outcome === "read" ? 200 : outcome === "unchanged" ? 304 : error?.status ?? "error";
      registries.requested({ host, kind: "index", status, who });
      if (error) registries.failed(host, who, error);
    },
    signal: ending.signal,
  });
  ending.signal.addEventListener("abort", () => repositories.close(), { once: true });
  const access = createChartAccess({ registry, repositories, secrets, warn: watch.warn });

  function counted(seconds: number, failed: boolean): void {
    metrics.count("helmQueries");
    if (failed) metrics.count("helmErrors");
    metrics.observe("helmSeconds", seconds);
  }

  return {
    lookup: access.lookup,
    async readerOf(slotRef) {
      const { versions, ...reader } = await access.readerOf(slotRef);
      // an index is counted when it is asked for, however many charts of it are followed
      if (!isOci(slotRef.slot.source?.url ?? "")) return { ...reader, versions };
      return {
        ...reader,
        async versions(signal) {
          const started = performance.now();
          let failed = true;
          try {
            const found = await versions(signal);
            failed = false;
            return found;
          } finally {
            counted((performance.now() - started) / 1000, failed);
          }
        },
      };
    },
  };
}

/** The charts of one Helm repository that are polled for. */
function* chartsOf({ index }: Cluster, url: string): Iterable<string> {
  for (const { slots } of index.polled()) {
    for (const slot of slots) {
      if (slot.type === "chart" && slot.source?.url === url) yield chartOf(slot);
    }
  }
}
