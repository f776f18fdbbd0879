import * as assert from "uvu/assert";
import { openStranger, type Stranger } from "./stranger.ts";
import { e2e } from "./suite.ts";

const s = e2e("among strangers who do nothing");
let stranger: Stranger;

s.before(async () => {
  stranger = await openStranger();
});
s.after(() => stranger.stop());

s("a victim is updated in its usual time, before and after a crash", async () => {
  await stranger.updatesInUsualTime();
  await stranger.operator.crash();
  await stranger.updatesInUsualTime();
});

s("a tenant has the rights of their own namespace alone", async () => {
  const [tenant, victim] = [await stranger.tenant(), await stranger.victim()];
  assert.equal(await tenant.requests(), []);
  const others = `/apis/apps/v1/namespaces/${victim.place.namespace}/deployments`;
  const refused = await tenant.kube.request("GET", others).then(() => undefined, (error) => error.status);
  assert.is(refused, 403);
});

s("what an attack does goes on until its end", async () => {
  let ended = false;
  const { end } = await stranger.attack({
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
  const { operator } = stranger;
  const { now, most } = await operator.memory();
  assert.ok(now > 20 && now <= most, `${now} MB, at most ${most} MB`);
  assert.match(await operator.figures(), /^headwind_leader 1$/m);
  assert.is(await operator.leasesLost(), 0);
  assert.is((await operator.stop()).how, "status 0");
  assert.is(operator.restarts(), 0);
});

s.run();
