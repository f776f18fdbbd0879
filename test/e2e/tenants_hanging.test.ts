// lane: e2e, alone
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { type Hanging, startHanging } from "../../scripts/testbed/hanging.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import hangingSources, { type HangingSource } from "../support/attacks/hanging_sources.ts";
import type { Tenant } from "../support/attacks/attack.ts";
import { call, metric, untilAcknowledged } from "./calls.ts";
import { workload } from "./manifests.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./webhook_receiver.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("among tenants who hang");
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
let tenancy: Tenancy;
let receiver: WebhookReceiver;
let mute: Hanging;
let folder: string;
let tenant: Tenant;
let sources: HangingSource[];

s.before(async () => {
  receiver = await startWebhookReceiver();
  mute = await startHanging("silent");
  folder = await mkdtemp(join(tmpdir(), "headwind-deaf-"));
  await cp(join(fixtures, "deaf_plugins"), folder, { recursive: true });
  await cp(join(fixtures, "plugins", "ntfy.ts"), join(folder, "ntfy.ts"));
  tenancy = await openTenancy({
    mounted: folder,
    env: {
      HEADWIND_PLUGINS_DIR: folder,
      HEADWIND_NOTIFICATION_TIMEOUT: "2",
      HEADWIND_PROMETHEUS_URL: mute.url,
      HEADWIND_HEALTH_CHECK_INTERVAL: "1",
      HEADWIND_POLLING_MIN_INTERVAL: "1",
      WEBHOOK_ENABLED: "true",
      WEBHOOK_URL: receiver.url,
      NTFY_TOPIC_URL: `${mute.url}/topic`,
      NTFY_TIMEOUT: "60",
    },
  });
  ({ tenant, begun: sources } = await tenancy.attack(hangingSources));
});

s.after(async () => {
  await tenancy?.stop();
  await Promise.all([receiver.stop(), mute.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const tell = async (image: string, tag: string) => {
  await pushImage(tenancy.registry.host, image, tag);
  const told = { image: `${tenancy.registry.host}/${image}`, tag };
  await untilAcknowledged(tenancy.operator.webhook, told, { token: tenancy.secret });
};

/** Workloads of the tenant whose checks never say anything. */
async function beginChecks(): Promise<void> {
  const checks = { "deaf": { "check-deaf": "yes" }, "promql": { "check-promql": "up", "check-promql-min": "1" } };
  for (const [name, annotations] of Object.entries(checks)) {
    const image = `${tenant.namespace}/${name}`;
    await pushImage(tenancy.registry.host, image, "1.0.0");
    await tenant.create(workload("Deployment", {
      name,
      image: `${tenancy.registry.host}/${image}:1.0.0`,
      replicas: 1,
      annotations: { ...annotations, "require-approval": "false" },
    }));
    await eventually(`${name} is changed`, async () => {
      await tell(image, "1.1.0");
      return (await tenant.images("Deployment", name)).app!.endsWith(":1.1.0");
    });
  }
}

s(
  "registries, token services, Helm repositories, checks, receivers and plugins that hang cost a victim nothing",
  async () => {
    await beginChecks();
    // not all at once: what one namespace has asked has a limit
    const asked = () => new Set(sources.flatMap(({ of, server }) => server.connections() > 0 ? [of] : []));
    await eventually("sources of each kind are asked", async () => asked().size === 3, { last: () => [...asked()] });
    await tenancy.updatesInUsualTime(5);
  },
);

s(
  "each notifier has its own lane: the one that delivers has told of each step, those that do not are told",
  async () => {
    const { first: victim, operator } = tenancy;
    const requests = await victim.ns.requests();
    const steps = () => {
      const ofVictim = receiver.deliveries.filter(({ body }) => body.workload.namespace === victim.ns.namespace);
      return ofVictim.map(({ body }) => `${body.updateRequestName} ${body.event}`);
    };
    const wanted = requests.flatMap(({ metadata: { name } }) => [
      `${name} update_request_created`,
      `${name} update_completed`,
    ]);
    await eventually("each step is delivered", async () => wanted.every((step) => steps().includes(step)), {
      last: () => wanted.filter((step) => !steps().includes(step)),
    });
    const failed = (notifier: string) => metric(operator.metrics, "headwind_notifications_failed_total", { notifier });
    for (const notifier of ["deaf", "ntfy"]) {
      await eventually(`${notifier} is counted`, async () => (await failed(notifier) ?? 0) > 0);
    }
    assert.is(await failed("webhook"), undefined);
    const givenUp = await metric(operator.metrics, "headwind_plugin_calls_given_up", { plugin: "notifier/deaf" });
    assert.ok(givenUp! > 0);
    const { body } = await call(`${operator.metrics}/health`);
    assert.equal(body.notifiers, { deaf: "failing", ntfy: "failing", webhook: "ok" });
    const logs = await operator.logs();
    assert.ok(logs.split("\n").some((line) => line.includes('"notifier":"deaf"') && line.includes("no answer in 2 s")));
  },
);

async function holder(): Promise<string> {
  const path = "/apis/coordination.k8s.io/v1/namespaces/headwind-system/leases/headwind";
  const lease = await tenancy.first.ns.kube.request<{ spec: { holderIdentity?: string } }>("GET", path);
  return lease.spec.holderIdentity ?? "";
}

s(
  "SIGTERM in the middle: it ends by itself within 20 s, with the Lease let go and what it left told, and goes on",
  async () => {
    const { operator } = tenancy;
    const { how, ms } = await operator.stop();
    assert.is(how, "status 0");
    assert.ok(ms < 20_000, `${ms} ms`);
    assert.is(await holder(), "");
    assert.match(await operator.logs(), /"message":"a trigger does not end and is left","plugin":"trigger\/deaf"/);
    await operator.start();
    await tenancy.updatesInUsualTime(2);
  },
);

s("SIGKILL in the middle: what was acknowledged comes to pass, and is told", async () => {
  const { first: victim, operator } = tenancy;
  const before = receiver.deliveries.length;
  const mark = "1.77.0";
  await tell(`${victim.ns.namespace}/${victim.name}`, mark);
  await operator.crash();
  await eventually(
    "it is applied",
    async () => (await victim.ns.images("Deployment", victim.name)).app!.endsWith(mark),
  );
  await eventually(
    "it is told",
    async () =>
      receiver.deliveries.slice(before).some(({ body }) =>
        body.event === "update_completed" && body.deployment.newImage.endsWith(mark)
      ),
  );
  assert.is(operator.restarts(), 0);
  assert.is(await operator.leasesLost(), 0);
});

s.run();
