import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ChartRepository,
  type ChartRepositoryOptions,
  startChartRepository,
} from "../../scripts/testbed/charts/chart_repository.ts";
import { type ChartSpec, makeCharts } from "../../scripts/testbed/charts/make_chart.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import { startHelmControllerProcess } from "../../scripts/testbed/flux/helm_controller_process.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { KubeObject } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import type { Fixture } from "./fixture.ts";
import { eventually } from "./suite.ts";

/** Flux's kinds in one place, with a stand-in that releases charts by the real Helm. */
export interface Flux {
  /** Makes charts; gives their archives. */
  charts(...specs: ChartSpec[]): Promise<string[]>;
  /** A chart repository on loopback. */
  repository(options?: ChartRepositoryOptions): Promise<ChartRepository>;
  stop(): Promise<void>;
}

/** With `releases: false` nothing is released: what Flux would do is not what is looked at. */
export async function fluxIn(fixture: Fixture, ns: TestNamespace, { releases = true } = {}): Promise<Flux> {
  await installFluxCrds(fixture.cluster);
  const dir = await mkdtemp(join(tmpdir(), "headwind-flux-e2e-"));
  const ends: (() => Promise<void>)[] = [];
  if (releases) {
    const { kubeconfig } = fixture.cluster;
    const controller = await startHelmControllerProcess({
      kubeconfig,
      namespaces: [ns.namespace],
      dir: join(dir, "flux"),
    });
    ends.push(() => controller.stop());
  }
  return {
    charts: (...specs) => makeCharts(specs, join(dir, "archives")),
    async repository(options) {
      const repository = await startChartRepository(options);
      ends.push(() => repository.stop());
      return repository;
    },
    async stop() {
      for (const end of ends) await end();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface ReleaseInput {
  name: string;
  chart: string;
  version?: string;
  /** Name of a HelmRepository. */
  repository: string;
  /** Without `headwind.sh/`. */
  annotations?: Record<string, string>;
  spec?: Record<string, unknown>;
}

/** A HelmRelease of policy `minor`, polled each second, without approval and soak time, unless its annotations say otherwise. */
export function release({ name, chart, version, repository, annotations = {}, spec = {} }: ReleaseInput): KubeObject {
  const sourceRef = { kind: "HelmRepository", name: repository };
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name, annotations: prefixed({ ...automatic, ...annotations }) },
    spec: {
      interval: "1h",
      timeout: "10s",
      chart: { spec: { chart, ...(version ? { version } : {}), sourceRef } },
      ...spec,
    },
  };
}

/** A HelmRelease by `chartRef` to an OCIRepository. */
export function releaseByReference(name: string, source: string, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name, annotations: prefixed({ ...automatic, ...annotations }) },
    spec: { interval: "1h", timeout: "10s", chartRef: { kind: "OCIRepository", name: source } },
  };
}

export function helmRepository(name: string, url: string, spec: Record<string, unknown> = {}): KubeObject {
  const type = url.startsWith("oci://") ? { type: "oci" } : {};
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "HelmRepository",
    metadata: { name },
    spec: { interval: "1h", url, ...type, ...spec },
  };
}

export function ociRepository(name: string, url: string, ref: Record<string, string>): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "OCIRepository",
    metadata: { name },
    spec: { interval: "1h", url, ref, insecure: true },
  };
}

const automatic = {
  policy: "minor",
  "require-approval": "false",
  "min-update-interval": "0",
  soak: "0",
  "polling-interval": "1",
};

const prefixed = (annotations: Record<string, string>) =>
  Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`headwind.sh/${name}`, value]));

/** The version in `spec.chart.spec.version`. */
export async function chartVersion(ns: TestNamespace, name: string): Promise<string | undefined> {
  const { spec } = await ns.workload("HelmRelease", name);
  return (spec as { chart?: { spec?: { version?: string } } }).chart?.spec?.version;
}

/** Waits until Flux says Ready for what the release's spec says now. */
export async function released(ns: TestNamespace, name: string, version: string): Promise<void> {
  await eventually(`${name} is released at ${version}`, async () => {
    const { metadata, status } = await ns.workload("HelmRelease", name);
    const { observedGeneration, conditions = [], history = [] } = (status ?? {}) as {
      observedGeneration?: number;
      conditions?: { type: string; status: string }[];
      history?: { chartVersion: string }[];
    };
    return observedGeneration === metadata.generation &&
      history[0]?.chartVersion.split("+")[0] === version.split("+")[0] &&
      conditions.some(({ type, status }) => type === "Ready" && status === "True");
  }, { last: async () => (await ns.workload("HelmRelease", name)).status });
}

/** Waits for the request that wants `to` of a release. */
export async function requestFor(
  ns: TestNamespace,
  release: string,
  to: string,
  isThere: (request: UpdateRequest) => boolean = () => true,
): Promise<UpdateRequest> {
  let found: UpdateRequest | undefined;
  await eventually(`${release} has such a request for ${to}`, async () => {
    found = (await ns.requests()).find(({ spec }) => spec.targetRef.name === release && spec.newImage === to);
    return found !== undefined && isThere(found);
  }, { last: async () => (await ns.requests()).map(({ spec, status }) => ({ spec, status })) });
  return found!;
}

export const phaseIs = (phase: string) => ({ status }: UpdateRequest) => status?.phase === phase;

/** The Events on an object, `Reason: message` each. */
export async function eventsOf({ kube, namespace }: TestNamespace, name: string): Promise<string[]> {
  const query = { fieldSelector: `involvedObject.name=${name}` };
  const { items } = await kube.request<{ items: { reason: string; message: string }[] }>(
    "GET",
    `/api/v1/namespaces/${namespace}/events`,
    { query },
  );
  return items.map(({ reason, message }) => `${reason}: ${message}`);
}
