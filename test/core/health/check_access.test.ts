import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createCheckAccess } from "../../../core/health/checks.ts";
import { createKubeClient, type KubeClient, type KubeConnection, KubeError } from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import type { CheckAccess } from "../../../core/plugin.ts";
import { type Cluster, cluster } from "../../support/cluster.ts";

interface ConfigMap {
  data: Record<string, string>;
}

const s = suite("the API server as checks see it");
let plane: Cluster;
let connection: KubeConnection;
let client: KubeClient;
let access: CheckAccess;
let configMaps: string;

s.before(async () => {
  plane = await cluster();
  connection = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  client = createKubeClient(connection);
  access = createCheckAccess(client, new AbortController().signal);
  configMaps = `/api/v1/namespaces/${await plane.namespace("check")}/configmaps`;
});
s.after(async () => {
  connection.close();
  await plane.stop();
});

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error) => error);
const named = (name: string, a: string) => ({ metadata: { name }, data: { a } });

s("nothing there is undefined, and the first to create wins", async () => {
  assert.is(await access.get(`${configMaps}/x`), undefined);
  await access.create(configMaps, named("x", "1"));
  await access.create(configMaps, named("x", "2"));
  assert.equal((await access.get<ConfigMap>(`${configMaps}/x`))!.data, { a: "1" });
});

s("a group of its own, too", async () => {
  assert.is(await access.get("/apis/apps/v1/namespaces/default/deployments/none"), undefined);
});

s("what is refused is thrown with its status", async () => {
  const error = await failure(access.create(configMaps, named("NOT A NAME", "1")));
  assert.instance(error, KubeError);
  assert.is((error as KubeError).status, 422);
});

s("paths that lead elsewhere are refused before anything is asked", async () => {
  const paths = [
    "/metrics",
    "/apiserver",
    "api/v1/nodes",
    "//localhost/api/v1/nodes",
    "/api/../metrics",
    "/api/%2e%2e/metrics",
    "/api/v1/namespaces/a/../../nodes/n",
    "/api/v1/nodes?limit=1",
    "/api/v1/nodes#x",
    "/api/v1/nodes\\..\\x",
    "@localhost/api/v1",
    "",
  ];
  for (const path of paths) {
    for (const asked of [access.get(path), access.create(path, {})]) {
      assert.match(String(await failure(asked)), "is no path of an object", path);
    }
  }
});

s("a request ends with the signal", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  stop.abort(reason);
  assert.is(await failure(createCheckAccess(client, stop.signal).get(`${configMaps}/x`)), reason);
});

s.run();
