// lane: e2e, alone
import * as assert from "uvu/assert";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e } from "./suite.ts";

const s = e2e("among tenants who do nothing");
let tenancy: Tenancy;

s.before(async () => {
  tenancy = await openTenancy();
});
s.after(() => tenancy.stop());

s("a victim is updated in its usual time, before and after a crash", async () => {
  await tenancy.updatesInUsualTime();
  await tenancy.operator.crash();
  await tenancy.updatesInUsualTime();
});

s("a tenant has the rights of their own namespace alone", async () => {
  const [tenant, victim] = [await tenancy.tenant(), await tenancy.victim()];
  assert.equal(await tenant.requests(), []);
  const others = `/apis/apps/v1/namespaces/${victim.ns.namespace}/deployments`;
  const refused = await tenant.kube.request("GET", others).then(() => undefined, (error) => error.status);
  assert.is(refused, 403);
});

s("what an attack does goes on until its end", async () => {
  let ended = false;
  const { end } = await tenancy.attack({
    name: "nothing",
    async begin(_world, signal) {
      signal.addEventListener("abort", () => ended = true);
    },
  });
  assert.not(ended);
  end();
  assert.ok(ended);
});

s("the operator tells how it fares, and ends by itself", async () => {
  const { operator } = tenancy;
  const { now, most } = await operator.memory();
  assert.ok(now > 20 && now <= most, `${now} MB, at most ${most} MB`);
  assert.match(await operator.figures(), /^headwind_leader 1$/m);
  assert.is(await operator.leasesLost(), 0);
  assert.is((await operator.stop()).how, "status 0");
  assert.is(operator.restarts(), 0);
});

s.run();
