// lane: e2e, alone
import * as assert from "uvu/assert";
import type { Attack } from "../support/attacks/attack.ts";
import churningPattern, { type Churning } from "../support/attacks/churning_pattern.ts";
import crossChartRef from "../support/attacks/cross_chart_ref.ts";
import foreignReferences from "../support/attacks/foreign_references.ts";
import unknownAnnotations from "../support/attacks/unknown_annotations.ts";
import { untilAcknowledged } from "./calls.ts";
import { eventsOf } from "./flux.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { openTenancy, type Tenancy } from "./tenancy.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("among tenants: what a tenant writes into their own namespace");
let tenancy: Tenancy;

s.before(async () => {
  tenancy = await openTenancy({ env: { HEADWIND_CROSS_NAMESPACE: "true" } });
});
s.after(() => tenancy.stop());

const tagOf = async (ns: TestNamespace, name: string) => {
  const { spec, metadata } = await ns.workload("OCIRepository", name);
  return [
    (spec as { ref: { tag: string } }).ref.tag,
    metadata.annotations?.["headwind.sh/update-history"] !== undefined,
  ];
};
const watches = async () => {
  const lines = (await tenancy.operator.figures()).split("\n");
  const counted = lines.filter((line) => /^headwind_kube_requests_total.*(helm|oci)repositories/.test(line));
  return counted.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
};

s("nothing of another namespace is read or written that does not allow it", async () => {
  const { tenant, end, begun } = await tenancy.attack(crossChartRef);
  const { ns, repository, charts } = begun;
  const { webhook } = tenancy.operator;
  const [oci, helm] = ["OCIRepository", "HelmRepository"].map((kind) =>
    `CrossNamespace: ${kind} ${ns.namespace}/closed is not used: it does not exist, or its ` +
    `headwind.sh/allow-from does not name ${tenant.namespace}`
  );
  for (const [name, event] of [["by-reference-closed", oci!], ["by-source-closed", helm!]] as const) {
    await eventually("it is told", async () => (await eventsOf(tenant, name)).includes(event), {
      last: () => eventsOf(tenant, name),
    });
  }
  const proof = { token: tenancy.secret };
  await eventually("what allows it is moved", async () => {
    await untilAcknowledged(webhook, { image: repository, tag: "1.1.0-rc.1" }, proof);
    return (await tagOf(ns, "open"))[0] === "1.1.0-rc.1";
  }, {
    last: async () => [await tagOf(ns, "open"), await tenant.requests(), await eventsOf(tenant, "by-reference-open")],
  });
  assert.equal(await tagOf(ns, "closed"), ["1.0.0", false]);
  const asked = (await tenant.requests()).map(({ spec }) => spec.targetRef.name);
  assert.equal([...new Set(asked)], ["by-reference-open"]);
  assert.equal(charts.requests(), [], "nobody asked with the login of another namespace");
  await ns.change("OCIRepository", "open", {
    metadata: { annotations: { "headwind.sh/allow-from": null } },
    spec: { ref: { tag: "1.0.0" } },
  });
  await eventually("the consent is taken back", async () => {
    return (await eventsOf(tenant, "by-reference-open")).some((event) => event.startsWith("CrossNamespace: "));
  });
  await untilAcknowledged(webhook, { image: repository, tag: "1.1.0-rc.1" }, proof);
  await tenancy.updatesInUsualTime();
  assert.is((await tagOf(ns, "open"))[0], "1.0.0");
  end();
});

s("references to hundreds of other namespaces open no watch, and nothing waits for them", async () => {
  const before = await watches();
  const { end, tenant } = await tenancy.attack(foreignReferences);
  await tenancy.updatesInUsualTime();
  await eventually("the last one is told", async () => (await eventsOf(tenant, "foreign-399")).length > 0);
  assert.is((await fetch(`${tenancy.operator.metrics}/readyz`)).status, 200);
  assert.ok(await watches() - before <= 10, `${await watches() - before} requests for sources`);
  end();
});

/** Runs until a tenant has changed a Deployment so often; gives the MB by which the memory has grown. */
async function churned(attack: Attack<Churning>, changes: number): Promise<number> {
  const before = await tenancy.operator.memory();
  const { begun, end } = await tenancy.attack(attack);
  await eventually(`${changes} changes`, async () => begun.changes() >= changes, {
    seconds: 60,
    last: () => `${begun.changes()} changes`,
  });
  await tenancy.updatesInUsualTime();
  end();
  const { now } = await tenancy.operator.memory();
  return now - before.now;
}

s("a pattern of 250 KB that changes again and again is not kept", async () => {
  const grown = await churned(churningPattern, 40);
  assert.ok(grown < 60, `${Math.round(grown)} MB more`);
});

s("thousands of unknown annotations, others each time, make no figures, and cost nobody the Lease", async () => {
  const grown = await churned(unknownAnnotations, 10);
  assert.ok(grown < 60, `${Math.round(grown)} MB more`);
  const figures = await tenancy.operator.figures();
  const named = figures.split("\n").filter((line) => line.startsWith("headwind_bad_annotations_total"));
  assert.ok(named.length <= 5, named.slice(0, 10).join("\n"));
  assert.match(named.join("\n"), 'annotation="unknown"');
});

s("it is the same operator, which has lost no Lease", async () => {
  assert.is(tenancy.operator.restarts(), 0);
  assert.is(await tenancy.operator.leasesLost(), 0);
  const { most } = await tenancy.operator.memory();
  assert.ok(most <= 256, `${most} MB`);
});

s.run();
