// lane: e2e, alone
import * as assert from "uvu/assert";
import { pushImage } from "../../scripts/testbed/push.ts";
import type { Registry } from "../../scripts/testbed/registry.ts";
import { beginBogusLogins } from "../support/attacks/bogus_logins.ts";
import { beginChartTwins, startTwinRepository, type TwinRepository } from "../support/attacks/chart_twins.ts";
import fullNamespace from "../support/attacks/full_namespace.ts";
import manyPullSecrets from "../support/attacks/many_pull_secrets.ts";
import slowPages from "../support/attacks/slow_pages.ts";
import { registry as openRegistry } from "../support/registry.ts";
import { metric } from "./calls.ts";
import { chartVersion, helmRepository, release } from "./flux.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { known } from "./fixture.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("a source belongs to its workload");

const login = { user: "victim", password: "a-password-of-the-tests" };
let tenancy: Tenancy;
let locked: Registry;
let charts: TwinRepository;
const ending = new AbortController();

s.before(async () => {
  tenancy = await openTenancy({ env: { HEADWIND_POLLING_MIN_INTERVAL: "1" } });
  locked = await openRegistry({ auth: { htpasswd: login } });
  charts = await startTwinRepository(ending.signal);
});

s.after(async () => {
  ending.abort();
  await tenancy?.stop();
  await locked?.stop();
});

/** Events of a namespace: `reason kind/name message`. */
async function events({ namespace }: TestNamespace): Promise<string[]> {
  interface Told {
    reason: string;
    message: string;
    involvedObject: { kind: string; name: string };
  }
  const path = `/api/v1/namespaces/${namespace}/events`;
  const { items } = await tenancy.first.ns.kube.request<{ items: Told[] }>("GET", path);
  return items.map(({ reason, message, involvedObject: { kind, name } }) => `${reason} ${kind}/${name} ${message}`);
}
const told = async (ns: TestNamespace, pattern: RegExp) => (await events(ns)).filter((line) => pattern.test(line));
const polling = { "event-source": "polling", "polling-interval": "1", "require-approval": "false" };

/** A Deployment of a victim that polls a repository of the registry with a login. */
async function polledVictim(name: string): Promise<{ ns: TestNamespace; publish(tag: string): Promise<void> }> {
  const { ns } = await tenancy.victim(name);
  const repository = `${ns.namespace}/app`;
  await pushImage(locked.host, repository, "1.0.0", { auth: login });
  const auth = btoa(`${login.user}:${login.password}`);
  await ns.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "pull" },
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": JSON.stringify({ auths: { [locked.host]: { auth } } }) },
  } as never);
  const object = deployment({ name: "app", image: `${locked.host}/${repository}:1.0.0`, annotations: polling });
  const { template } = object.spec as { template: { spec: Record<string, unknown> } };
  template.spec.imagePullSecrets = [{ name: "pull" }];
  return {
    ns,
    async publish(tag) {
      if (tag === "1.0.0") return void await ns.create(object);
      await pushImage(locked.host, repository, tag, { auth: login });
      await eventually(`app is updated to ${tag}`, async () => {
        return (await ns.images("Deployment", "app")).app!.endsWith(`:${tag}`);
      }, { last: () => ns.requests() });
    },
  };
}

s("logins that open nothing keep their image's owner from no update, and are shown nothing", async () => {
  const { ns, publish } = await polledVictim("private");
  const image = `${locked.host}/${ns.namespace}/app:1.0.0`;
  const { tenant, begun: names } = await tenancy.attack({
    name: "bogus_logins",
    begin: (world) => beginBogusLogins(world, image),
  });
  await eventually(
    "the tenant is told",
    async () => (await told(tenant, /^ImageSourceFailed/)).length === names.length,
  );
  await publish("1.0.0");
  await publish("1.1.0");
  await publish("1.2.0");
  assert.equal(await tenant.requests(), []);
  assert.equal(await told(ns, /Failed/), []);
  const lines = await told(tenant, /^ImageSourceFailed/);
  assert.is(lines.length, names.length, "one for each workload, however many polls");
  assert.not.match(lines.join(), "1.1.0");
});

s("a chart repository of nearly the same URL decides for nobody else, and fails nobody else's polls", async () => {
  const { ns } = await tenancy.victim("charts");
  await tenancy.attack({ name: "chart_twins", begin: (world) => beginChartTwins(world, charts.url) });
  await ns.create(helmRepository("charts", charts.url));
  await ns.create(release({ name: "app", chart: "web", version: "1.0.0", repository: "charts" }));
  await eventually("it is polled", async () => charts.asked.includes("/stable/index.yaml"));
  charts.versions.push("1.1.0");
  await eventually("it moves to 1.1.0", async () => await chartVersion(ns, "app") === "1.1.0", {
    last: () => ns.requests(),
  });
  charts.versions.push("1.2.0");
  const images = async () => (await ns.requests()).map(({ spec }) => spec.newImage);
  await eventually("1.2.0 is wanted", async () => (await images()).includes("web:1.2.0"));
  assert.equal((await images()).sort(), ["web:1.1.0", "web:1.2.0"]);
  assert.equal(await told(ns, /ChartSourceFailed/), []);
});

s("a registry of endless pages delays no other poll, and is given up when its workload goes", async () => {
  const { publish } = await polledVictim("beside-slow");
  await publish("1.0.0");
  await publish("1.1.0");
  const { tenant, begun: slow } = await tenancy.attack(slowPages);
  await eventually("its pages are read", async () => slow.pages() > 0);
  for (const tag of ["1.2.0", "1.3.0"]) await publish(tag);
  const oldest = () => metric(tenancy.operator.metrics, "headwind_polling_oldest_due_seconds");
  await eventually("it is told that a poll is late", async () => (await oldest() ?? 0) > 2);
  await tenant.remove(await tenant.workload("Deployment", slow.deployment));
  await eventually("it is given up", async () => slow.open() === 0, { seconds: 15 });
  await eventually("no poll is late", async () => (await oldest() ?? 0) < 2, { seconds: 15 });
});

s("a namespace that takes no UpdateRequest keeps no sender waiting, and is told", async () => {
  const { tenant } = await tenancy.attack(fullNamespace);
  const { first, operator, secret } = tenancy;
  await known(operator, `${first.repository}:1.0.0`, 2, secret);
  await tenancy.updatesInUsualTime(3);
  await eventually("the tenant is told", async () => (await told(tenant, /^UpdateNotStored .*quota/)).length > 0);
  assert.ok((await metric(operator.metrics, "headwind_updates_not_stored_total", { reason: "refused" }))! >= 3);
  assert.equal(await told(first.ns, /UpdateNotStored/), []);
});

s("of 20,000 names of pull secrets twenty are read", async () => {
  const { tenant, begun: name } = await tenancy.attack(manyPullSecrets);
  await eventually("the tenant is told", async () => (await told(tenant, /first 20 pull secrets/)).length === 1);
  const reads = () => metric(tenancy.operator.metrics, "headwind_kube_requests_total", { resource: "secrets" });
  const before = await reads() ?? 0;
  const started = performance.now();
  await pause(3_000);
  const since = (await reads() ?? 0) - before;
  const seconds = (performance.now() - started) / 1000;
  // each second a poll, and the victims' own
  assert.ok(since < seconds * 40, `${since} reads of Secrets in ${seconds.toFixed(1)} s`);
  await tenancy.updatesInUsualTime(2);
  await tenant.remove(await tenant.workload("Deployment", name));
});

s("nobody had to be started again", async () => {
  assert.is(tenancy.operator.restarts(), 0);
  assert.is(await tenancy.operator.leasesLost(), 0);
});

s.run();
