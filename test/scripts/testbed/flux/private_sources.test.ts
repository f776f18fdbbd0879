// timeout: 120
import { Buffer } from "node:buffer";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ChartRepository, startChartRepository } from "../../../../scripts/testbed/charts/chart_repository.ts";
import { makeChart } from "../../../../scripts/testbed/charts/make_chart.ts";
import { pushChart } from "../../../../scripts/testbed/charts/push_chart.ts";
import {
  type HelmControllerProcess,
  startHelmControllerProcess,
} from "../../../../scripts/testbed/flux/helm_controller_process.ts";
import { installFluxCrds } from "../../../../scripts/testbed/flux/install_crds.ts";
import { type Registry, startRegistry } from "../../../../scripts/testbed/registry.ts";
import { type Cluster, cluster } from "../../../support/cluster.ts";

const s = suite("the stand-in for helm-controller, as a process, with sources that ask for a login");

const login = { user: "ann", password: "secret" };
let plane: Cluster;
let namespace: string;
let controller: HelmControllerProcess;
let repository: ChartRepository;
let oci: Registry;
let dir: string;

s.before(async () => {
  plane = await cluster();
  await installFluxCrds(plane);
  namespace = await plane.namespace("private");
  dir = await mkdtemp(join(tmpdir(), "headwind-private-test-"));
  repository = await startChartRepository({ login, tls: { clientCertificate: true } });
  oci = await startRegistry({ auth: { htpasswd: login } });
  const archive = await makeChart({ name: "redis", version: "7.0.0+build.1", dir });
  await repository.publish(archive);
  await pushChart(archive, oci.host, { auth: login });
  controller = await startHelmControllerProcess({ kubeconfig: plane.kubeconfig, namespaces: [namespace] });
});
s.after(async () => {
  await controller?.stop();
  await repository?.stop();
  await oci?.stop();
  await plane?.stop();
  if (dir) await rm(dir, { recursive: true, force: true });
});

const apply = (apiVersion: string, kind: string, name: string, rest: Record<string, unknown>) => {
  const object = { apiVersion, kind, metadata: { name, namespace }, ...rest };
  return plane.kubectl(["apply", "--server-side", "-f", "-"], JSON.stringify(object));
};
const source = "source.toolkit.fluxcd.io/v1";

async function release(name: string, spec: Record<string, unknown>) {
  await apply("helm.toolkit.fluxcd.io/v2", "HelmRelease", name, { spec: { interval: "1h", timeout: "20s", ...spec } });
}

async function ready(name: string): Promise<{ lastAttemptedRevision: string }> {
  try {
    await plane.kubectl(["-n", namespace, "wait", "--for=condition=Ready", `hr/${name}`, "--timeout=30s"]);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await controller.logs()}`);
  }
  return JSON.parse(await plane.kubectl(["-n", namespace, "get", "hr", name, "-o", "json"])).status;
}

const plain = (stringData: Record<string, string>) => ({ stringData });

s("a Helm repository with a login, its own authority, and a client's certificate", async () => {
  const { ca, client } = repository;
  await apply("v1", "Secret", "login", plain({ username: login.user, password: login.password }));
  await apply("v1", "Secret", "tls", plain({ "ca.crt": ca!, "tls.crt": client!.cert, "tls.key": client!.key }));
  const secrets = { secretRef: { name: "login" }, certSecretRef: { name: "tls" } };
  await apply(source, "HelmRepository", "private", { spec: { url: repository.url, interval: "1h", ...secrets } });
  const sourceRef = { kind: "HelmRepository", name: "private" };
  await release("web", { chart: { spec: { chart: "redis", version: "7.x", sourceRef } } });
  assert.is((await ready("web")).lastAttemptedRevision, "7.0.0+build.1");
  const asked = repository.requests().filter(({ status }) => status === 200);
  assert.ok(asked.length >= 3 && asked.every(({ authorized }) => authorized));
  assert.ok(asked.some(({ agent }) => agent === "source-controller/testbed"));
});

s("a registry with a login, by a HelmRepository and by an OCIRepository", async () => {
  await apply("v1", "Secret", "login", plain({ username: login.user, password: login.password }));
  const auth = Buffer.from(`${login.user}:${login.password}`).toString("base64");
  const config = JSON.stringify({ auths: { [oci.host]: { auth } } });
  const docker = { type: "kubernetes.io/dockerconfigjson", ...plain({ ".dockerconfigjson": config }) };
  await apply("v1", "Secret", "docker", docker);
  const url = `oci://${oci.host}/charts`;
  const helm = { url, type: "oci", insecure: true, secretRef: { name: "login" } };
  await apply(source, "HelmRepository", "registry", { spec: helm });
  const sourceRef = { kind: "HelmRepository", name: "registry" };
  await release("by-repository", { chart: { spec: { chart: "redis", version: "7.0.0+build.1", sourceRef } } });
  const ref = { tag: "7.0.0_build.1" };
  const artifact = { url: `${url}/redis`, interval: "1h", insecure: true, ref, secretRef: { name: "docker" } };
  await apply(source, "OCIRepository", "redis", { spec: artifact });
  await release("by-ref", { chartRef: { kind: "OCIRepository", name: "redis" } });
  assert.is((await ready("by-repository")).lastAttemptedRevision, "7.0.0+build.1");
  assert.match((await ready("by-ref")).lastAttemptedRevision, /^7\.0\.0\+[0-9a-f]{12}$/);
  assert.match(await controller.logs(), "Running 'install' action with timeout of 20s");
});

s("one that cannot be fetched is not ready, and neither is its release", async () => {
  await apply(source, "HelmRepository", "refused", { spec: { url: `${repository.url}/`, interval: "1h" } });
  const sourceRef = { kind: "HelmRepository", name: "refused" };
  await release("stuck", { chart: { spec: { chart: "redis", sourceRef } } });
  const wait = (what: string) =>
    plane.kubectl(["-n", namespace, "wait", "--for=condition=Ready=false", what, "--timeout=30s"]);
  await wait("helmrepository/refused");
  await wait("hr/stuck");
  const said = await plane.kubectl(["-n", namespace, "get", "helmrepository/refused", "hr/stuck"]);
  assert.match(said, "failed to fetch Helm repository index: ");
  const why = "no artifact available for HelmRepository source 'refused'";
  assert.match(said, `HelmChart '${namespace}/${namespace}-stuck' is not ready: ${why}`);
});

s.run();
