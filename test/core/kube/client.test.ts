import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isRetryable } from "../../../core/lib/retryable.ts";
import {
  createKubeClient,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubeClient,
  type KubeConnection,
  KubeError,
  type RequestRecord,
} from "../../../core/kube/client.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { kubeEvent } from "../../../core/kube/events.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import { type ControlPlane, startControlPlane } from "../../../scripts/testbed/controlplane.ts";
import { type Proxy, startProxy } from "./proxy.ts";

const s = suite("client of the API server");
const configMaps = resourcePath({ group: "", version: "v1", plural: "configmaps" }, "default");
interface ConfigMap {
  metadata: { name: string; resourceVersion: string };
  data?: Record<string, string>;
}

let plane: ControlPlane;
let proxy: Proxy;
let connection: KubeConnection;
let viaProxy: KubeConnection;
let client: KubeClient;
const records: RequestRecord[] = [];

s.before(async () => {
  plane = await startControlPlane({ kwok: false });
  proxy = await startProxy(plane.kubeconfig);
  await writeFile(join(plane.dir, "proxied"), proxy.kubeconfig);
  connection = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  viaProxy = await loadKubeConfig({ KUBECONFIG: join(plane.dir, "proxied") });
  client = createKubeClient(connection, { onRequest: (record) => records.push(record) });
});
s.after(async () => {
  connection.close();
  viaProxy.close();
  proxy.close();
  await plane.stop();
});
s.before.each(() => {
  proxy.rule = undefined;
  proxy.asked.length = 0;
});

async function failure(promise: Promise<unknown>): Promise<KubeError> {
  const error = await promise.then(() => undefined, (thrown) => thrown);
  assert.instance(error, KubeError);
  return error;
}

s("create, read, the three patches and delete, by a client certificate", async () => {
  const path = `${configMaps}/crud`;
  await client.request("POST", configMaps, { body: { metadata: { name: "crud" }, data: { a: "1" } } });
  await client.request("PATCH", path, { patch: "merge", body: { data: { b: "2" } } });
  await client.request("PATCH", path, { patch: "json", body: [{ op: "test", path: "/data/a", value: "1" }] });
  await client.request("PATCH", path, {
    patch: "apply",
    query: { fieldManager: "test" },
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "crud" }, data: { c: "3" } },
  });
  const { data } = await client.request<ConfigMap>("GET", path);
  assert.equal(data, { a: "1", b: "2", c: "3" });
  await client.request("DELETE", path);
  assert.ok(isNotFound(await failure(client.request("GET", path))));
  const { seconds, date, ...last } = records.at(-1)!;
  assert.equal(last, { method: "GET", resource: "configmaps", status: 404 });
  assert.ok(seconds > 0);
  assert.ok(Math.abs(Date.parse(date!) - Date.now()) < 60_000);
});

s("refusals are told apart", async () => {
  const created = await client.request<ConfigMap>("POST", configMaps, { body: { metadata: { name: "x" } } });
  const twice = await failure(client.request("POST", configMaps, { body: { metadata: { name: "x" } } }));
  assert.ok(isAlreadyExists(twice));
  assert.not(isConflict(twice));
  const path = `${configMaps}/x`;
  await client.request("PATCH", path, { body: { data: { a: "1" } } });
  const stale = await failure(client.request("PUT", path, { body: { ...created, data: { a: "2" } } }));
  assert.ok(isConflict(stale));
  const tested = client.request("PATCH", path, { patch: "json", body: [{ op: "test", path: "/data/a", value: "9" }] });
  assert.ok((await failure(tested) as KubeError).status === 422);
  const invalid = await failure(client.request("POST", configMaps, { body: { metadata: { name: "NO" } } }));
  assert.is((invalid as KubeError).status, 422);
  assert.is(invalid.reason, "Invalid");
  assert.is(invalid.causes?.[0]?.field, "metadata.name");
  assert.match(invalid.message, /^POST \/api\/v1\/namespaces\/default\/configmaps: 422 /);
  assert.not(isRetryable(invalid));
});

s("an Event is shown by kubectl describe, and is stored once", async () => {
  const { metadata } = await client.request<{ metadata: { uid: string } }>("GET", "/api/v1/namespaces/default");
  await client.request("POST", configMaps, { body: { metadata: { name: "described" } } });
  const object = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "described", uid: metadata.uid };
  const body = kubeEvent({ object, type: "Warning", reason: "Tested", message: "so it is", now: new Date(), id: "1" });
  const events = resourcePath({ group: "", version: "v1", plural: "events" }, "default");
  await client.request("POST", events, { body });
  assert.ok(isAlreadyExists(await failure(client.request("POST", events, { body }))));
  assert.match(await plane.kubectl(["get", "events"]), "so it is");
});

s("a service account's folder, and what it may not do", async () => {
  const dir = await plane.serviceAccountDir("default", "nobody");
  const { hostname, port } = new URL(plane.url);
  const inCluster = await loadKubeConfig({
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    HEADWIND_SERVICE_ACCOUNT_DIR: dir,
  });
  const account = createKubeClient(inCluster);
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const { status } = await account.request<{ status: { userInfo: { username: string } } }>(
    "POST",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    { body: review },
  );
  assert.is(status.userInfo.username, "system:serviceaccount:default:nobody");
  const forbidden = await failure(account.request("GET", configMaps));
  assert.is(forbidden.status, 403);
  assert.is(forbidden.reason, "Forbidden");
  inCluster.close();
});

s("a server with another authority is not trusted", async () => {
  const stranger = await loadKubeConfig({
    KUBERNETES_SERVICE_HOST: "localhost",
    KUBERNETES_SERVICE_PORT: new URL(plane.url).port,
    HEADWIND_SERVICE_ACCOUNT_DIR: await plane.serviceAccountDir("default", "stranger").then(async (dir) => {
      await writeFile(join(dir, "ca.crt"), "");
      return dir;
    }),
  });
  const error = await failure(createKubeClient(stranger).request("GET", "/version"));
  assert.is(error.status, 0);
  assert.is(error.reason, "ConnectionFailed");
  stranger.close();
});

s("a GET is asked again after Retry-After and after a cut, a write is not", async () => {
  const proxied = createKubeClient(viaProxy);
  let left = 2;
  const busy = { status: 429, headers: { "retry-after": "0" } };
  proxy.rule = () => left-- > 0 ? busy : undefined;
  await proxied.request("GET", "/version");
  assert.is(proxy.asked.length, 3);

  left = 1;
  proxy.rule = () => left-- > 0 ? "cut" : undefined;
  await proxied.request("GET", "/version");
  assert.ok(proxy.asked.length >= 5);

  proxy.asked.length = 0;
  proxy.rule = () => busy;
  const refused = await failure(proxied.request("POST", configMaps, { body: { metadata: { name: "never" } } }));
  assert.is(refused.status, 429);
  assert.is(refused.retryAfterSeconds, 0);
  assert.ok(isRetryable(refused));
  assert.is(proxy.asked.length, 1);
  proxy.rule = () => "cut";
  assert.is((await failure(proxied.request("PATCH", `${configMaps}/x`, { body: {} }))).status, 0);
});

s("what is not JSON or not of Kubernetes is a refusal, too", async () => {
  const proxied = createKubeClient(viaProxy);
  proxy.rule = () => ({ status: 502, headers: { "content-type": "text/html" }, body: "bad gateway" });
  const error = await failure(proxied.request("GET", "/version"));
  assert.is(error.status, 502);
  assert.match(error.message, "bad gateway");
  proxy.rule = () => ({ status: 302, headers: { location: "http://127.0.0.1:1/" } });
  assert.is((await failure(proxied.request("GET", "/version"))).status, 302);
});

s("the time limit and the caller's signal end a request", async () => {
  const proxied = createKubeClient(viaProxy);
  const query = { watch: "true", resourceVersion: "0" };
  const late = await failure(proxied.request("GET", configMaps, { query, timeoutMs: 200 }));
  assert.is(late.reason, "Timeout");
  assert.ok(isRetryable(late));
  const stop = new AbortController();
  const reason = new Error("enough");
  const asked = proxied.request("GET", configMaps, { query, signal: stop.signal });
  setTimeout(() => stop.abort(reason), 100);
  assert.is(await asked.catch((error) => error), reason);
});

s("a login that never ends costs a request its time limit, and no more", async () => {
  const deaf = createKubeClient({ ...connection, authorization: () => new Promise(() => {}) });
  const late = await failure(deaf.request("GET", "/version", { timeoutMs: 100 }));
  assert.equal([late.reason, late.message], ["Timeout", "GET /version: no answer in 0.1 s"]);
});

s.run();
