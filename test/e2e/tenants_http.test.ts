// lane: e2e, alone
import * as assert from "uvu/assert";
import formPost from "../support/attacks/form_post.ts";
import getFlood from "../support/attacks/get_flood.ts";
import halfHeads from "../support/attacks/half_heads.ts";
import idleConnections from "../support/attacks/idle_connections.ts";
import slowBodies from "../support/attacks/slow_bodies.ts";
import squattedName, { name, tag } from "../support/attacks/squatted_name.ts";
import { call, metric } from "./calls.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("among tenants who send, and do not end");
let tenancy: Tenancy;

s.before(async () => {
  tenancy = await openTenancy();
});
s.after(() => tenancy?.stop());

const api = (path: string) => `${tenancy.operator.api}/api/v1/${path}`;
const megabytes = async () => (await metric(tenancy.operator.metrics, "process_resident_memory_bytes"))! / 1e6;

for (const attack of [slowBodies, halfHeads, idleConnections]) {
  s(`${attack.name}: the victim's updates come, and little is kept of it`, async () => {
    const before = await megabytes();
    const { end } = await tenancy.attack(attack);
    await eventually("some gave way", async () => {
      return await metric(tenancy.operator.metrics, "headwind_http_connections_refused_total") !== undefined ||
        await metric(tenancy.operator.metrics, "headwind_http_bodies_refused_total") !== undefined;
    });
    await tenancy.updatesInUsualTime();
    const after = await megabytes();
    assert.ok(after < before + 128, `${before} MB before, ${after} MB now`);
    assert.is((await call(`${tenancy.operator.metrics}/healthz`)).status, 200);
    end();
  });
}

s("readers without a proof learn nothing, and those with one no other's; nobody waits for them", async () => {
  const { tenant, end } = await tenancy.attack(getFlood);
  await tenancy.updatesInUsualTime();
  const headers = { authorization: `Bearer ${tenant.token}` };
  for (const path of ["updates", `updates/${tenant.namespace}/x`, `rollback/${tenant.namespace}/web/history`]) {
    assert.is((await call(api(path))).status, 401, path);
  }
  assert.equal((await call(api("updates"), { headers })).body, []);
  const { ns } = await tenancy.victim();
  assert.is((await call(api(`updates?namespace=${ns.namespace}`), { headers })).status, 403);
  assert.is((await call(api(`rollback/${ns.namespace}/web/history`), { headers })).status, 403);
  end();
});

s("forms of another site's page decide nothing", async () => {
  const { end } = await tenancy.attack(formPost);
  await tenancy.updatesInUsualTime();
  const { ns } = await tenancy.victim();
  const json = { user: "somebody" };
  const path = api(`hold/${ns.namespace}/web/app`);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  assert.is((await call(path, { method: "POST", body: "user=somebody", headers: form })).status, 415);
  assert.is((await call(path, { json, headers: { "sec-fetch-site": "cross-site" } })).status, 403);
  assert.is((await call(path, { json })).status, 401);
  end();
});

s("a name that somebody took is no update", async () => {
  const { tenant } = await tenancy.attack(squattedName);
  const requests = async () => (await tenant.requests()).filter(({ spec }) => spec.targetRef.name === name);
  await eventually("the other's is refused", async () => {
    return (await requests()).some(({ spec, status }) => !spec.sighting && status?.phase === "Failed");
  }, { last: requests });
  const [own] = (await requests()).filter(({ spec }) => spec.sighting);
  assert.match(own!.spec.newImage, `/${name}:${tag}`);
  assert.ok(await eventuallySaid("was taken by one that was made by hand"));
});

async function eventuallySaid(text: string): Promise<boolean> {
  await eventually(`the log says: ${text}`, async () => (await tenancy.operator.logs()).includes(text));
  return true;
}

s("after all this it ends when it is told to", async () => {
  for (const attack of [slowBodies, halfHeads, idleConnections]) await tenancy.attack(attack);
  const { how, ms } = await tenancy.operator.stop();
  assert.is(how, "status 0");
  assert.ok(ms < 20_000, `it took ${ms} ms`);
});

s.run();
