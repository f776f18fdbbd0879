// lane: e2e, alone
import * as assert from "uvu/assert";
import { pushImage } from "../../scripts/testbed/push.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import silentRegistry from "../support/attacks/silent_registry.ts";
import slowChecks from "../support/attacks/slow_checks.ts";
import { untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { known } from "./fixture.ts";
import { inUsualTime, openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("among tenants whose registries and checks do not answer");
let tenancy: Tenancy;
let rollback: () => Promise<number>;
let usualRollback: number;

s.before(async () => {
  tenancy = await openTenancy({ env: { ...slowChecks.env, ...silentRegistry.env } });
  rollback = await rollsBack((await tenancy.victim()).ns);
  await rollback();
  usualRollback = Math.max(await rollback(), await rollback());
});
s.after(() => tenancy?.stop());

/** A workload whose next version always fails: milliseconds from when its pod does until it is taken back. */
async function rollsBack(ns: TestNamespace): Promise<() => Promise<number>> {
  const { registry, operator, secret: token } = tenancy;
  const name = "fragile";
  const path = `${ns.namespace}/${name}`;
  const image = `${registry.host}/${path}`;
  const annotations = { "require-approval": "false", "auto-rollback": "true", "health-check-retries": "1" };
  await pushImage(registry.host, path, "1.0.0");
  await ns.create(deployment({ name, image: `${image}:1.0.0`, replicas: 1, annotations }));
  await known(operator, `${image}:1.0.0`, 1, token);
  let minor = 0;
  return async () => {
    const tag = `1.${++minor}.${FAULTS.unpullable}`;
    await pushImage(registry.host, path, tag);
    await untilAcknowledged(operator.webhook, { image, tag }, { token });
    const isTakenBack = async () => {
      const request = (await ns.requests()).find(({ spec }) => spec.newImage === `${image}:${tag}`);
      return request?.status?.phase === "RolledBack";
    };
    await eventually(`${tag} fails`, async () => await isUnpullable(ns, `${image}:${tag}`) || await isTakenBack());
    const started = performance.now();
    await eventually(`${tag} is taken back`, isTakenBack, { seconds: 60, last: () => ns.requests() });
    return performance.now() - started;
  };
}

async function isUnpullable({ kube, namespace }: TestNamespace, image: string): Promise<boolean> {
  interface Pod {
    spec: { containers: { image: string }[] };
    status?: { containerStatuses?: { state?: { waiting?: { reason?: string } } }[] };
  }
  const { items } = await kube.request<{ items: Pod[] }>("GET", `/api/v1/namespaces/${namespace}/pods`);
  return items.some(({ spec, status }) =>
    spec.containers[0]!.image === image &&
    status?.containerStatuses?.[0]?.state?.waiting?.reason === "ImagePullBackOff"
  );
}

async function nothingIsNoticed(): Promise<void> {
  await tenancy.updatesInUsualTime();
  const ms = await tenancy.adjusted(rollback);
  assert.ok(inUsualTime(ms, usualRollback), `taken back after ${Math.round(ms)} ms, usually ${usualRollback} ms`);
}

s("versions whose registry accepts and says nothing hold up nobody's update and nobody's rollback", async () => {
  const { end } = await tenancy.attack(silentRegistry);
  await nothingIsNoticed();
  end();
});

s("checks that take 9.5 s hold up nobody's update and nobody's rollback", async () => {
  await tenancy.attack(slowChecks);
  for (let time = 0; time < 3; time++) {
    await nothingIsNoticed();
    await pause(1_000);
  }
  assert.is(await tenancy.operator.leasesLost(), 0);
  assert.is(tenancy.operator.restarts(), 0);
});

s.run();
