// lane: e2e, alone
import * as assert from "uvu/assert";
import type { Attack, Tenant } from "../support/attacks/attack.ts";
import clientCertificate from "../support/attacks/client_certificate.ts";
import flowIndex from "../support/attacks/flow_index.ts";
import manyCharts from "../support/attacks/many_charts.ts";
import millionTags from "../support/attacks/million_tags.ts";
import tricklingTags from "../support/attacks/trickling_tags.ts";
import { eventsOf } from "./flux.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("among tenants with large answers");

const mostMb = 256;
let tenancy: Tenancy;
let pid: number;

s.before(async () => {
  tenancy = await openTenancy();
  pid = tenancy.operator.pid();
});

s.after(() => tenancy?.stop());

/** The operator is the same process as at the beginning, and has stayed small. */
async function unharmed(): Promise<void> {
  assert.is(tenancy.operator.restarts(), 0, await tenancy.operator.logs());
  assert.is(tenancy.operator.pid(), pid);
  const { most } = await tenancy.operator.memory();
  assert.ok(most <= mostMb, `${most} MB`);
}

const told = (tenant: Tenant, name: string, expected: RegExp) =>
  eventually(
    `${name} is told ${expected}`,
    async () => (await eventsOf(tenant, name)).some((one) => expected.test(one)),
    {
      seconds: 60,
      last: () => eventsOf(tenant, name),
    },
  );

/** The attacks that are told of, by the name of what is told. */
const attacks: [Attack, Record<string, RegExp>][] = [
  [clientCertificate, {
    "new-keys": /client certificate \(tls\.crt\), which is used only with HEADWIND_HELM_CLIENT_CERTIFICATES=true/,
    "old-keys": /client certificate \(certFile\), which is used only with HEADWIND_HELM_CLIENT_CERTIFICATES=true/,
  }],
  [flowIndex, {
    flow: /full parser can read .* up to 0\.3 MB/,
    lines: /full parser can read/,
    json: /more than 50000 versions/,
    item: /more than 0\.3 MB/,
  }],
  [manyCharts, { "huge-chart-23": /more than 100000 versions/ }],
  [millionTags, { "million-0": /more than 100000 tags/ }],
  [tricklingTags, {}],
];

/** What else one of many large answers may end with: its turn was over. */
const gaveWay = /took longer than 20 s for a large answer, while others waited/;

for (const [attack, says] of attacks) {
  s(`${attack.name}: a victim is updated in its usual time, by the same process, in ${mostMb} MB`, async () => {
    const { tenant, end } = await tenancy.attack(attack);
    await tenancy.updatesInUsualTime();
    for (const [name, expected] of Object.entries(says)) {
      await told(tenant, name, new RegExp(`${expected.source}|${gaveWay.source}`));
    }
    await tenancy.updatesInUsualTime(1);
    await unharmed();
    end();
  });
}

s("after a crash in the midst of it, the same", async () => {
  for (const [attack] of attacks) await tenancy.attack(attack);
  await tenancy.operator.crash();
  pid = tenancy.operator.pid();
  await tenancy.updatesInUsualTime();
  await unharmed();
});

s.run();
