import { type ChartAccess, createChartAccess } from "../intake/chart_access.ts";
import { chartOf } from "../versions/slot.ts";
import type { Cluster } from "./cluster.ts";
import { createChartRepositories } from "../registry/helm/repository.ts";
import type { Ground } from "./ground.ts";
import { isOci } from "../versions/chart_repository_name.ts";
import type { ReadingWatch } from "../intake/registry_access.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { Room } from "../registry/room.ts";
import { tryCertificate } from "../runtime/certificate_trial.ts";
import type { secretReader } from "../kube/secrets.ts";

export interface ChartsOptions {
  registry: RegistryClient;
  secrets: ReturnType<typeof secretReader>;
  watch: ReadingWatch;
  /** Memory for answers. */
  room: Room;
}

/** The way to the versions of charts, with its numbers. */
export function createCharts(ground: Ground, cluster: Cluster, options: ChartsOptions): ChartAccess {
  const { config, metrics, ending } = ground;
  const { registry, secrets, watch, room } = options;
  const repositories = createChartRepositories({
    wanted: (url) => chartsOf(cluster, url),
    secrets,
    room,
    ca: ground.ca,
    guard: ground.guard,
    insecure: config.HEADWIND_INSECURE_REGISTRIES,
    limit: config.HEADWIND_HELM_INDEX_LIMIT * 1_000_000,
    ...(config.HEADWIND_HELM_CLIENT_CERTIFICATES ? { tryCertificate } : {}),
    onQuery: ({ seconds, outcome }) => counted(seconds, outcome === "failed"),
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
    async reading(slotRef) {
      const { versions, ...reading } = await access.reading(slotRef);
      // an index is counted when it is asked for, however many charts of it are followed
      if (!isOci(slotRef.slot.source?.url ?? "")) return { ...reading, versions };
      return {
        ...reading,
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
