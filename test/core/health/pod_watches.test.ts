import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createKubeClient, type KubeClient, type KubeConnection } from "../../../core/kube/client.ts";
import { createPodWatches, type PodWatches } from "../../../core/health/pod_watches.ts";
import type { LabelSelector } from "../../../core/plugin.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { worstFault } from "../../../core/health/pods.ts";
import { type Cluster, cluster } from "../../support/cluster.ts";
import { type Proxy, startProxy, until } from "../kube/proxy.ts";

const s = suite("watches of pods");
let plane: Cluster;
let proxy: Proxy;
let direct: KubeConnection;
let viaProxy: KubeConnection;
let kube: KubeClient;
let namespace: string;
let watches: PodWatches;
let told: string[];
let errors: string[];

s.before(async () => {
  plane = await cluster();
  proxy = await startProxy(plane.kubeconfig);
  await writeFile(join(plane.dir, "pods-proxied"), proxy.kubeconfig);
  direct = await loadKubeConfig({ KUBECONFIG: plane.kubeconfig });
  viaProxy = await loadKubeConfig({ KUBECONFIG: join(plane.dir, "pods-proxied") });
  kube = createKubeClient(direct);
});
s.after(async () => {
  direct.close();
  viaProxy.close();
  proxy.close();
  await plane.stop();
});
s.before.each(async () => {
  namespace = await plane.namespace("pods");
  [told, errors] = [[], []];
  proxy.rule = undefined;
  proxy.asked.length = 0;
  watches = createPodWatches({
    client: createKubeClient(viaProxy),
    onChange: (key) => told.push(key),
    onError: (error) => errors.push(error.message),
  });
});
s.after.each(async () => {
  await watches.releaseAll();
  await until("all watches are closed", () => proxy.watches() === 0);
});

const pods = (name?: string, more = "") => `/api/v1/namespaces/${namespace}/pods${name ? `/${name}${more}` : ""}`;
const podOf = (name: string, labels: Record<string, string>, image = "app:1") => ({
  metadata: { name, labels },
  spec: { containers: [{ name: "app", image }] },
});
const create = (name: string, labels: Record<string, string> = { app: "web" }) =>
  kube.request("POST", pods(), { body: podOf(name, labels) });
const web: LabelSelector = { matchLabels: { app: "web" } };
const want = (key = "web", selector = web) => watches.watch(key, namespace, selector);
const names = (key = "web", selector = web) => want(key, selector).pods.map(({ key }) => key.split("/")[1]!).sort();
const synced = (key = "web", selector = web) => until(`${key} is synced`, () => want(key, selector).synced);
const isReady = (name: string) => () => want().pods.some(({ key, ready }) => key === `${namespace}/${name}` && ready);
const faultOf = (image: string, key = "web", selector = web) =>
  worstFault(want(key, selector).pods, { container: "app", image });

s("one watch for each namespace and selector, as long as somebody wants it", async () => {
  const other = await plane.namespace("pods");
  assert.equal(want("a"), { synced: false, pods: [] });
  for (const key of ["a", "b", "c"]) want(key);
  want("d", { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] });
  watches.watch("e", other, web);
  assert.is(watches.size(), 3);
  await until("three watches are open", () => proxy.watches() === 3);
  const lists = proxy.asked.filter((url) => !url.includes("watch=true"));
  assert.is(lists.length, 3);
  assert.ok(lists.every((url) => url.includes("/pods?labelSelector=app")));

  watches.release("a");
  watches.release("b");
  watches.release("b");
  watches.release("nobody");
  assert.is(watches.size(), 3);
  watches.release("c");
  assert.is(watches.size(), 2);
  await until("two watches are open", () => proxy.watches() === 2);
  want("d", { matchLabels: { app: "moved" } });
  assert.is(watches.size(), 2, "the watch of the selector before is ended");
  await watches.releaseAll();
  assert.is(watches.size(), 0);
  await until("no watch is open", () => proxy.watches() === 0);
  await synced("a");
  assert.is(watches.size(), 1);
});

s("it is told once when the pods are listed, then for each change of what is kept", async () => {
  for (const name of ["a", "b"]) await create(name);
  want("one");
  want("two");
  await until("both are told", () => told.includes("one") && told.includes("two"));
  await until("both pods are ready", () => want("one").pods.every(({ ready }) => ready));
  await until("it is quiet", async () => {
    const before = told.length;
    await new Promise((done) => setTimeout(done, 300));
    return told.length === before;
  });
  watches.release("two");
  told.length = 0;
  await kube.request("PATCH", pods("a"), { body: { metadata: { annotations: { seen: "yes" } } } });
  await kube.request("PATCH", pods("a"), { body: { metadata: { annotations: { seen: "no" } } } });
  await create("other", { app: "other" });
  await kube.request("DELETE", pods("b"), { query: { gracePeriodSeconds: "0" } });
  await until("b is gone", () => names("one").length === 1);
  assert.ok(told.length > 0);
  assert.ok(told.length <= 2, `for its leaving and its end: ${told}`);
  assert.ok(told.every((key) => key === "one"));
  assert.equal(errors, []);
});

s("selectors select what the API server selects by them", async () => {
  await create("a", { app: "web", tier: "front" });
  await create("b", { app: "web", tier: "back" });
  await create("c", { app: "web" });
  const cases: [string, LabelSelector, string[]][] = [
    ["all", {}, ["a", "b", "c"]],
    ["in", { matchExpressions: [{ key: "tier", operator: "In", values: ["back", "front"] }] }, ["a", "b"]],
    ["not in", { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["back"] }] }, ["a", "c"]],
    ["exists", { ...web, matchExpressions: [{ key: "tier", operator: "Exists" }] }, ["a", "b"]],
    ["not", { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, ["c"]],
  ];
  for (const [key, selector] of cases) want(key, selector);
  for (const [key, selector, expected] of cases) {
    await synced(key, selector);
    assert.equal(names(key, selector), expected, key);
  }
  assert.throws(
    () => want("bad", { matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] }),
    /cannot be listed/,
  );
  assert.equal(errors, []);
});

s("what a kubelet writes of a container is seen as a fault, until it is gone", async () => {
  await create("a");
  await synced();
  await until("it is ready", isReady("a"));
  const state = (state: object, more = {}) =>
    kube.request("PATCH", pods("a", "/status"), {
      body: {
        status: {
          conditions: [{ type: "Ready", status: "False" }, { type: "ContainersReady", status: "False" }],
          containerStatuses: [{ name: "app", image: "app:1", imageID: "", ready: false, state, ...more }],
        },
      },
    });
  told.length = 0;
  await state({ waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } }, { restartCount: 1 });
  await until("the fault is seen", () => faultOf("docker.io/library/app:1")?.reason === "CrashLoopBackOff");
  assert.ok(told.includes("web"));
  assert.is(faultOf("app:2"), undefined);
  await state({ running: {} }, { restartCount: 1 });
  await until("it is over", () => faultOf("app:1") === undefined);
  await state({ running: {} }, { restartCount: 6 });
  await until("it restarts too often", () => faultOf("app:1")?.reason === "TooManyRestarts");
  await kube.request("DELETE", pods("a"), { query: { gracePeriodSeconds: "0" } });
  await until("it is gone", () => want().pods.length === 0);
});

s("of a rollout that fails, the new pods are blamed and the old ones are not", async () => {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const template = (image: string, more = {}) => ({
    metadata: { labels: { app: "web", ...more } },
    spec: { containers: [{ name: "app", image }] },
  });
  await kube.request("POST", path, {
    body: { metadata: { name: "web" }, spec: { replicas: 2, selector: web, template: template("app:1") } },
  });
  await synced();
  await until("both pods are ready", () => want().pods.filter(({ ready }) => ready).length === 2);
  assert.is(faultOf("app:1"), undefined);
  const failing = { "pod-container-running-failed.stage.kwok.x-k8s.io": "true" };
  await kube.request("PATCH", `${path}/web`, { body: { spec: { template: template("app:2", failing) } } });
  await until("a new pod failed", () => faultOf("app:2") !== undefined);
  const fault = faultOf("app:2")!;
  assert.is(fault.reason, "containerFailed");
  assert.match(
    fault.message,
    /^pod web-\S+, container app: the pod failed; it last ended with exit code 1 \(containerFailed\): container failed$/,
  );
  assert.is(faultOf("app:1"), undefined);
  await kube.request("DELETE", `${path}/web`, { query: { propagationPolicy: "Background" } });
});

s("pods that cannot be listed are not synced, and it says why", async () => {
  await create("a");
  proxy.rule = (_, url) => url.pathname.endsWith("/pods") ? { status: 403 } : undefined;
  want();
  await until("it says why", () => want().problem !== undefined);
  assert.match(want().problem!, "403");
  assert.not(want().synced);
  assert.equal(told, []);
  assert.ok(errors.length > 0);
  proxy.rule = undefined;
  await synced();
  assert.equal(names(), ["a"]);
  await until("it is connected", () => want().problem === undefined);
});

s("a list of no pods is told once too, and a list anew tells nothing where nothing has changed", async () => {
  want("nobody", { matchLabels: { app: "nobody" } });
  await until("it is told", () => told.length > 0);
  assert.equal(told, ["nobody"]);
  watches.release("nobody");
  await until("no watch is open", () => proxy.watches() === 0);
  proxy.asked.length = 0;
  await create("a");
  await synced();
  await until("it is ready", isReady("a"));
  await until("the watch is open", () => proxy.watches() === 1);
  told.length = 0;
  const lists = () => proxy.asked.filter((url) => !url.includes("watch=true")).length;
  proxy.tellWatches({ type: "ERROR", object: { code: 410, reason: "Expired" } });
  await until("it was listed again", () => lists() === 2 && proxy.watches() === 1);
  assert.equal(told, []);
});

s.run();
