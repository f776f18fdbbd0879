import type { Artifact } from "../plugin.ts";
import { chartOf } from "../updates/slot_text.ts";
import type { Cluster } from "./cluster.ts";
import { type ChartAccess, createChartAccess } from "../intake/chart_access.ts";
import { createChartRepositories } from "../charts/repository.ts";
import type { Ground } from "./ground.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { Room } from "../registry/room.ts";
import { RegistryError } from "../registry/errors.ts";
import type { secretReader } from "../kube/secrets.ts";
import { tryCertificate } from "../runtime/certificate_trial.ts";

export interface ChartsOptions {
  registry: RegistryClient;
  secrets: ReturnType<typeof secretReader>;
  /** Memory for answers. */
  room: Room;
}

/** The way to the versions of charts; what keeps them from being read is told to the workloads that wait for them. */
export function createCharts(
  ground: Ground,
  cluster: Cluster,
  { registry, secrets, room }: ChartsOptions,
): ChartAccess {
  const { config, log, metrics, ending } = ground;
  const { index, mistakes } = cluster;
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
  const access = createChartAccess({ registry, repositories, index, secrets, log });

  function counted(seconds: number, failed: boolean): void {
    metrics.count("helmQueries");
    if (failed) metrics.count("helmErrors");
    metrics.observe("helmSeconds", seconds);
  }

  async function versions(artifact: Artifact) {
    const started = performance.now();
    let failed = true;
    try {
      const found = await access.versions(artifact);
      failed = false;
      return found;
    } catch (error) {
      if (error instanceof RegistryError && !ending.signal.aborted) {
        const message = error.message.replace(/\.$/, "");
        for (const { workload, slot } of index.uses(artifact.repository)) {
          if (slot.type === "chart") mistakes.warn(workload, "ChartSourceFailed", message);
        }
      }
      throw error;
    } finally {
      // an index is counted when it is asked for, however many charts of it are followed
      if (!artifact.repository.includes("://")) counted((performance.now() - started) / 1000, failed);
    }
  }
  return { versions, lookup: access.lookup };
}

/** The charts of one Helm repository that are polled for. */
function* chartsOf({ index }: Cluster, url: string): Iterable<string> {
  for (const { slots } of index.polled()) {
    for (const slot of slots) {
      if (slot.type === "chart" && slot.source?.url === url) yield chartOf(slot);
    }
  }
}
