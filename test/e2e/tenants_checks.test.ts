// lane: e2e, alone
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as assert from "uvu/assert";
import { type Prometheus, startPrometheus } from "../../scripts/testbed/prometheus.ts";
import type { Tenant } from "../support/attacks/attack.ts";
import foreignMetrics, { foreignQueries } from "../support/attacks/foreign_metrics.ts";
import probingChecks from "../support/attacks/probing_checks.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("among tenants who have the operator look at what is not theirs");

interface Told {
  reason: string;
  message: string;
  involvedObject: { name: string };
}

let exporter: Server;
let prometheus: Prometheus;
let tenancy: Tenancy;
let exposition = "";

s.before(async () => {
  exporter = createServer((_, answer) => void answer.end(exposition));
  await new Promise<void>((resolve) => exporter.listen(0, "127.0.0.1", resolve));
  prometheus = await startPrometheus({ targets: [`127.0.0.1:${(exporter.address() as AddressInfo).port}`] });
  tenancy = await openTenancy({
    env: {
      HEADWIND_PROMETHEUS_URL: prometheus.url,
      HEADWIND_HEALTH_CHECK_INTERVAL: "0.2",
      HEADWIND_POLLING_MIN_INTERVAL: "1",
      HEADWIND_LOG_LEVEL: "info",
    },
  });
});

s.after(async () => {
  await tenancy?.stop();
  await prometheus?.stop();
  exporter.close();
  exporter.closeAllConnections();
});

const events = async ({ kube, namespace }: Tenant) =>
  (await kube.request<{ items: Told[] }>("GET", `/api/v1/namespaces/${namespace}/events`)).items;

/** What the condition Healthy says of the update of each workload, once it says something of a check. */
async function healthOf(tenant: Tenant, names: string[], check: string): Promise<Map<string, string>> {
  const said = async () => {
    const requests = await tenant.requests();
    return new Map(requests.flatMap(({ spec, status }) => {
      const message = status?.conditions?.find(({ type }) => type === "Healthy")?.message ?? "";
      return message.includes(`check ${check}: `) ? [[spec.targetRef.name, message] as const] : [];
    }));
  };
  return await eventually(`${check} is read of ${names}`, async () => {
    const found = await said();
    return names.every((name) => found.has(name)) && found;
  }, { seconds: 60, last: async () => JSON.stringify((await tenant.requests()).map(({ status }) => status)) });
}

s("the series of another namespace are told by nothing", async () => {
  const victim = tenancy.first.ns.namespace;
  exposition = `balance{namespace="${victim}",account="acct-4711"} 123456.5\n`;
  const query = `${prometheus.url}/api/v1/query?query=balance`;
  await eventually("it is scraped", async () => (await (await fetch(query)).text()).includes("acct-4711"));
  const { tenant } = await tenancy.attack(foreignMetrics);
  const names = Object.keys(foreignQueries(victim));
  const health = await healthOf(tenant, names, "promql");
  for (const name of names) {
    assert.match(health.get(name)!, `check promql: the query gives no series yet with namespace="${tenant.namespace}"`);
  }
  await tenancy.updatesInUsualTime();
  const all = JSON.stringify([await tenant.requests(), await events(tenant), await tenancy.operator.logs()]);
  for (const secret of ["acct-4711", "123456"]) assert.not.ok(all.includes(secret), secret);
});

s(
  "neither the operator's pod, nor its ports, nor the API server is asked, and nobody learns what is there",
  async () => {
    const { tenant, begun } = await tenancy.attack(probingChecks);
    const { repositories, checks, reached } = begun;
    const releases = Object.keys(repositories);
    const told = await eventually("each release is told", async () => {
      const failed = (await events(tenant)).filter(({ reason }) => reason === "ChartSourceFailed");
      const messages = new Map(failed.map(({ involvedObject, message }) => [involvedObject.name, message]));
      return releases.every((name) => messages.has(name)) && messages;
    }, { seconds: 60, last: () => events(tenant) });
    for (const [name, url] of Object.entries(repositories)) {
      const { host, origin } = new URL(url);
      assert.is(told.get(name), `The index of ${origin} was not read: ${host} could not be asked`, name);
    }
    const health = await healthOf(tenant, Object.keys(checks), "http");
    for (const [name, url] of Object.entries(checks)) {
      const { host } = new URL(url);
      const why = name === "nobody"
        ? `${url} cannot be asked`
        : `${host} is no Service of namespace ${tenant.namespace}, and HEADWIND_CHECK_HTTP_HOSTS does not name it`;
      assert.match(health.get(name)!, `check http: ${why}`);
    }
    await tenancy.updatesInUsualTime();
    assert.equal(reached, []);
  },
);

s.run();
