import * as assert from "uvu/assert";
import deployment from "../../../plugins/workloads/deployment.ts";
import { suite } from "uvu";
import { type Cluster, wireCluster } from "../../../core/app/wire_cluster.ts";
import { coreSettings } from "../../../core/app/setting_schema.ts";
import { createBus } from "../../../core/app/event_bus.ts";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import { type FakeApiServer, fakeApiServer } from "../../support/fake_api_server.ts";
import type { OperatorContext } from "../../../core/app/operator_context.ts";
import { listWatch } from "../../../core/kube/watch.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { until } from "../kube/proxy.ts";

const s = suite("what is known of the cluster");
const deployments = "/apis/apps/v1/deployments";
const requests = "/apis/headwind.sh/v1alpha1/updaterequests";
const log = createLog({ level: "error", write: () => {} });
const metrics = createMetrics();

let [api, cluster, silent, ahead] = [{} as FakeApiServer, {} as Cluster, 0, 0];
const clock = performance.now;
s.before.each(async () => {
  [api, silent, ahead] = [fakeApiServer(), 0, 0];
  performance.now = () => clock.call(performance) + ahead;
  app("1.0.0");
  request("a");
  const host = createPluginHost({ plugins: [deployment], settings: new Map(), log, metrics, fetch });
  const context = {
    config: coreSettings.parse({}),
    log,
    metrics,
    bus: createBus(log),
    client: api.client,
    host,
    identity: "a",
    ending: new AbortController(),
    now: () => new Date(),
    silentMs: () => silent,
  } as unknown as OperatorContext;
  cluster = wireCluster(context, { leads: () => false, onRequest() {}, onWorkload() {}, onChanged() {} });
  await cluster.synced();
  await until("the watches are open", () => cluster.requestsAreHeard("default") && watchesOf(deployments) > 0);
});
s.after.each(async () => {
  api.state = "up";
  await cluster.stop();
  performance.now = clock;
});

const watchesOf = (path: string) => api.asked.filter((one) => one.startsWith(`WATCH ${path} `)).length;
function app(tag: string) {
  api.put(deployments, {
    metadata: { name: "web", namespace: "default", annotations: { "headwind.sh/policy": "minor" } },
    spec: { template: { spec: { containers: [{ name: "app", image: `app:${tag}` }] } } },
  } as never);
}
function request(name: string, message = "first") {
  return api.put(requests, { ...requestOf({ name }), status: { phase: "Pending", message } });
}
const runs = () => cluster.index.get("Deployment/default/web")?.slots[0]?.current;
const said = (name: string) => cluster.cache.get(`default/${name}`)?.status?.message;

s("a list counts whatever was known before: after a restore of etcd all versions are lower", async () => {
  const restore = api.snapshot();
  app("1.1.0");
  request("a", "second");
  request("ghost");
  await until("it is heard", () => runs() === "app:1.1.0" && said("a") === "second" && said("ghost") !== undefined);
  restore();
  await until("it is as it was", () => runs() === "app:1.0.0" && said("a") === "first");
  assert.is(said("ghost"), undefined);
  request("a", "third");
  app("1.3.0");
  await until("what comes then is heard", () => runs() === "app:1.3.0" && said("a") === "third");
  assert.is(cluster.index.get("Deployment/default/web")!.resourceVersion, "104");
});

s("an answer of a restored etcd, which is lower than what is known, keeps the list's word from nothing", async () => {
  const restore = api.snapshot();
  request("a", "second");
  await until("it is heard", () => said("a") === "second");
  let answered: string | undefined;
  api.onList = async () => answered = (await cluster.store.get("default", "a"))?.status?.message;
  restore();
  await until("it is as it was", () => said("a") === "first");
  assert.is(answered, "first");
});

s("what was answered while a list is under way is later than what that says", async () => {
  const truths: string[] = [];
  const own = fakeApiServer();
  own.put("/api/v1/secrets", { metadata: { name: "a" } });
  own.put("/api/v1/secrets", { metadata: { name: "b" } });
  own.onList = () => watch.answered("a");
  const watch = listWatch<true>({
    client: own.client,
    path: "/api/v1/secrets",
    project: () => true,
    onUpsert: (key, _, isTruth) => void truths.push(`${key} ${isTruth}`),
    onDelete() {},
  });
  await watch.synced;
  own.onList = undefined;
  await until("it is live", watch.isLive);
  own.put("/api/v1/secrets", { metadata: { name: "b" } });
  await until("it is heard", () => truths.length === 3);
  await watch.stop();
  assert.equal(truths, ["a false", "b true", "b false"]);
});

s("where the server is is asked only after a watch was cut, and no list follows where it is", async () => {
  api.state = "away";
  api.state = "up";
  await until("it is watched again", () => watchesOf(requests) === 2 && watchesOf(deployments) === 2);
  const asked = api.asked.filter((one) => one.startsWith(`GET ${requests}`));
  assert.equal(asked, [`GET ${requests}`, `GET ${requests} limit=1`]);
});

s("readiness ends with the life of the UpdateRequests' watch, not while it is opened again", async () => {
  assert.equal(cluster.unready(), []);
  api.state = "away";
  await until("it is cut", () => !cluster.requestsAreHeard("default"));
  assert.equal(cluster.unready(), []);
  ahead = 31_000;
  assert.equal(cluster.unready(), [
    "the workloads' watches are interrupted",
    "the UpdateRequests' watches are interrupted",
  ]);
  api.state = "up";
  await until("it is heard again", () => cluster.requestsAreHeard("default") && cluster.unready().length === 0);
});

s("an API server that hangs keeps its watches open, and answers nothing", () => {
  api.state = "hangs";
  silent = 31_000;
  assert.equal(cluster.unready(), ["the API server has not answered for 30 s"]);
});

s.run();
