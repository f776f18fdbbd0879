// lane: e2e, alone
import * as assert from "uvu/assert";
import anonymousHints, { walked, walkedImage } from "../support/attacks/anonymous_hints.ts";
import { call } from "./calls.ts";
import knownSecret, { other, otherImage } from "../support/attacks/known_secret.ts";
import manyTagsAtOnce, { manyTags } from "../support/attacks/many_tags.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("webhooks of tenants");
let tenancy: Tenancy;

s.before(async () => {
  tenancy = await openTenancy({ env: anonymousHints.env });
});
s.after(() => tenancy.stop());

const count = async (tenant: { requests(): Promise<unknown[]> }) => (await tenant.requests()).length;

s("85,000 tags in a webhook are refused, by their field, and hold nobody up", async () => {
  const { operator, secret, victim } = tenancy;
  const { repository } = await victim("named");
  const url = `${operator.webhook}/webhook/registry`;
  const json = JSON.parse(manyTags(repository));
  const answer = await call(url, { json, headers: { authorization: `Bearer ${secret}` } });
  assert.equal([answer.status, answer.body.field], [400, "updated_tags"]);
  const hint = await call(url, { json });
  assert.equal([hint.status, hint.body.field], [413, "body"]);
  const attack = await tenancy.attack(manyTagsAtOnce);
  await tenancy.updatesInUsualTime();
  attack.end();
  assert.is(await operator.leasesLost(), 0);
});

s("hints of anybody store nothing that the registry does not have, walk nobody, and are limited", async () => {
  const { operator } = tenancy;
  const { tenant, end } = await tenancy.attack(anonymousHints);
  const before = await walkedImage(tenant);
  await eventually("hints are limited", async () => {
    const figures = await operator.figures();
    return /^headwind_webhook_outcomes_total\{[^}]*outcome="limited"[^}]*\} [1-9]/m.test(figures);
  });
  await tenancy.updatesInUsualTime();
  end();
  assert.is(await walkedImage(tenant), before, walked);
  assert.is(await count(tenant), 0);
});

s("who knows the secret brings in nothing that the registry does not have, at no digest that it has not", async () => {
  const { tenant, end } = await tenancy.attack(knownSecret);
  const before = await otherImage(tenant);
  await eventually("what is made up is stored", async () => await count(tenant) > 5);
  await tenancy.updatesInUsualTime();
  await pause(1_000);
  end();
  assert.is(await otherImage(tenant), before, other);
  const applied = (await tenant.requests()).filter(({ status }) => status?.appliedAt !== undefined);
  assert.equal(applied, []);
  assert.ok(await count(tenant) <= 40);
});

s("no lease was lost, and nothing ended", async () => {
  const { operator } = tenancy;
  assert.equal([await operator.leasesLost(), operator.restarts()], [0, 0]);
});

s.run();
