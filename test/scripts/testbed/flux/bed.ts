import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChartRepository, startChartRepository } from "../../../../scripts/testbed/charts/chart_repository.ts";
import { type ChartSpec, makeCharts } from "../../../../scripts/testbed/charts/make_chart.ts";
import { type HelmController, startHelmController } from "../../../../scripts/testbed/flux/helm_controller.ts";
import { installFluxCrds } from "../../../../scripts/testbed/flux/install_crds.ts";
import type { Condition, HelmRelease } from "../../../../scripts/testbed/flux/types.ts";
import { type Cluster, cluster } from "../../../support/cluster.ts";

/** A namespace of the shared control plane, with a Helm repository called `charts` and the stand-in for helm-controller. */
export interface Bed {
  plane: Cluster;
  namespace: string;
  repository: ChartRepository;
  /** The archives of the charts that were made. */
  archives: string[];
  dir: string;
  apply(apiVersion: string, kind: string, name: string, spec: unknown): Promise<void>;
  /** Applies a HelmRelease of chart `nginx`. */
  release(name: string, version: string, more?: Record<string, unknown>): Promise<void>;
  get<T = HelmRelease>(name: string, kind?: string): Promise<T>;
  /** Asks until the answer is yes; throws after 40 s with the release's status and the controller's log. */
  until(name: string, what: string, yes: (release: HelmRelease) => unknown): Promise<HelmRelease>;
  stop(): Promise<void>;
}

export async function startBed(charts: ChartSpec[]): Promise<Bed> {
  const plane = await cluster();
  await installFluxCrds(plane);
  const namespace = await plane.namespace("flux");
  const dir = await mkdtemp(join(tmpdir(), "headwind-flux-test-"));
  const repository = await startChartRepository();
  const archives = await makeCharts(charts, dir);
  await repository.publish(...archives);
  const log: string[] = [];
  const controller: HelmController = await startHelmController({
    kubeconfig: plane.kubeconfig,
    namespaces: [namespace],
    log: (line) => log.push(line),
  });
  const bed: Bed = {
    plane,
    namespace,
    repository,
    archives,
    dir,
    async apply(apiVersion, kind, name, spec) {
      const object = { apiVersion, kind, metadata: { name, namespace }, spec };
      await plane.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], JSON.stringify(object));
    },
    release: (name, version, more = {}) =>
      bed.apply("helm.toolkit.fluxcd.io/v2", "HelmRelease", name, {
        interval: "1h",
        timeout: "20s",
        chart: { spec: { chart: "nginx", version, sourceRef: { kind: "HelmRepository", name: "charts" } } },
        ...more,
      }),
    get: async (name, kind = "helmrelease") =>
      JSON.parse(await plane.kubectl(["-n", namespace, "get", kind, name, "-o", "json"])),
    async until(name, what, yes) {
      const deadline = performance.now() + 40_000;
      for (;;) {
        const found = await bed.get(name);
        if (yes(found)) return found;
        if (performance.now() > deadline) {
          throw new Error(`not in 40 s: ${name} ${what}\n${JSON.stringify(found.status, null, 1)}\n${log.join("\n")}`);
        }
        await new Promise((done) => setTimeout(done, 100));
      }
    },
    async stop() {
      await controller.stop();
      await repository.stop();
      await plane.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  await bed.apply("source.toolkit.fluxcd.io/v1", "HelmRepository", "charts", { url: repository.url, interval: "1h" });
  return bed;
}

export const conditionOf = (object: { status?: { conditions?: Condition[] } }, type: string) =>
  object.status?.conditions?.find((condition) => condition.type === type);

export const observed = ({ metadata, status }: HelmRelease) => status?.observedGeneration === metadata.generation;
export const isReady = (release: HelmRelease) => observed(release) && conditionOf(release, "Ready")?.status === "True";
export const failed = (reason: string) => (release: HelmRelease) => {
  const ready = conditionOf(release, "Ready");
  return ready?.status === "False" && ready.reason === reason &&
    ready.observedGeneration === release.metadata.generation;
};
/** A condition without its time. */
export const tell = ({ status, reason, message, observedGeneration }: Condition) => ({
  status,
  reason,
  message,
  observedGeneration,
});
