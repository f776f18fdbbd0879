import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChartRepository, startChartRepository } from "../../../scripts/testbed/charts/chart_repository.ts";
import { makeCharts } from "../../../scripts/testbed/charts/make_chart.ts";
import { pushChart } from "../../../scripts/testbed/charts/push_chart.ts";
import { helmRepository, ociRepository, release, releaseByReference } from "../../e2e/flux.ts";
import type { KubeObject } from "../../e2e/manifests.ts";
import { createNamespace, type TestNamespace } from "../test_namespace.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** What a platform has for others, and what a tenant makes of it. */
export interface Platform {
  ns: TestNamespace;
  /** The chart of its OCIRepositories, `127.0.0.1:5000/charts/shared`, which has 1.0.0 and the pre-release 1.1.0-rc.1. */
  repository: string;
  /** Of its HelmRepository, which wants a login. */
  charts: ChartRepository;
}

const everything = { policy: "all" };

/**
 * A tenant's releases name what a platform has in a namespace of its own: OCIRepository `closed`, HelmRepository `closed`
 * with a login, and OCIRepository `open`, which alone allows the tenant.
 */
async function beginCrossChartRef(
  { cluster, tenant, registry }: AttackWorld,
  signal: AbortSignal,
): Promise<Platform> {
  const dir = await mkdtemp(join(tmpdir(), "headwind-cross-"));
  const login = { user: "platform", password: "a-password" };
  const charts = await startChartRepository({ login });
  const ns = await createNamespace(cluster, "platform");
  signal.addEventListener("abort", () => {
    ns.close();
    void Promise.all([rm(dir, { recursive: true, force: true }), charts.stop()]);
  });
  const archives = await makeCharts(["1.0.0", "1.1.0-rc.1"].map((version) => ({ name: "shared", version })), dir);
  await charts.publish(...archives);
  for (const archive of archives) await pushChart(archive, registry.host);
  charts.forget();
  const repository = `${registry.host}/charts/shared`;
  const source = (name: string, annotations: Record<string, string>): KubeObject => {
    const object = ociRepository(name, `oci://${repository}`, { tag: "1.0.0" });
    return { ...object, metadata: { ...object.metadata, annotations } };
  };
  await ns.create(source("closed", {}));
  await ns.create(source("open", { "headwind.sh/allow-from": `elsewhere, ${tenant.namespace}` }));
  await ns.kube.request("POST", `/api/v1/namespaces/${ns.namespace}/secrets`, {
    body: { metadata: { name: "login" }, stringData: { username: login.user, password: login.password } },
  });
  await ns.create(helmRepository("closed", charts.url, { secretRef: { name: "login" } }));
  const { namespace } = ns;
  for (const name of ["closed", "open"]) {
    const object = releaseByReference(`by-reference-${name}`, name, everything);
    const chartRef = { kind: "OCIRepository", name, namespace };
    await tenant.create({ ...object, spec: { ...object.spec as object, chartRef, suspend: true } } as KubeObject);
  }
  const sourceRef = { kind: "HelmRepository", name: "closed", namespace };
  await tenant.create(release({
    name: "by-source-closed",
    chart: "shared",
    repository: "closed",
    annotations: everything,
    spec: { suspend: true, chart: { spec: { chart: "shared", version: "1.0.0", sourceRef } } },
  }));
  return { ns, repository, charts };
}

export default { name: "cross_chart_ref", begin: beginCrossChartRef } satisfies Attack;
