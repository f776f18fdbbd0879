import * as assert from "uvu/assert";
import type { Attack } from "../support/attacks/attack.ts";
import churningPattern, { type Churning } from "../support/attacks/churning_pattern.ts";
import crossChartRef from "../support/attacks/cross_chart_ref.ts";
import foreignReferences from "../support/attacks/foreign_references.ts";
import unknownAnnotations from "../support/attacks/unknown_annotations.ts";
import { untilAcknowledged } from "./calls.ts";
import { eventsOf } from "./flux.ts";
import type { Place } from "./place.ts";
import { openStranger, type Stranger } from "./stranger.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("among strangers: what a tenant writes into their own namespace");
let stranger: Stranger;

s.before(async () => {
  stranger = await openStranger({ env: { HEADWIND_CROSS_NAMESPACE: "true" } });
});
s.after(() => stranger.stop());

const tagOf = async (place: Place, name: string) => {
  const { spec, metadata } = await place.workload("OCIRepository", name);
  return [
    (spec as { ref: { tag: string } }).ref.tag,
    metadata.annotations?.["headwind.sh/update-history"] !== undefined,
  ];
};
const watches = async () => {
  const lines = (await stranger.operator.figures()).split("\n");
  const counted = lines.filter((line) => /^headwind_kube_requests_total.*(helm|oci)repositories/.test(line));
  return counted.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
};

s("nothing of another namespace is read or written that does not allow it", async () => {
  const { tenant, end, begun } = await stranger.attack(crossChartRef);
  const { place, repository, charts } = begun;
  const { webhook } = stranger.operator;
  const [oci, helm] = ["OCIRepository", "HelmRepository"].map((kind) =>
    `CrossNamespace: ${kind} ${place.namespace}/closed is not used: it does not exist, or its ` +
    `headwind.sh/allow-from does not name ${tenant.namespace}`
  );
  for (const [name, event] of [["by-reference-closed", oci!], ["by-source-closed", helm!]] as const) {
    await eventually("it is told", async () => (await eventsOf(tenant, name)).includes(event), {
      last: () => eventsOf(tenant, name),
    });
  }
  const proof = { token: stranger.secret };
  await eventually("what allows it is moved", async () => {
    await untilAcknowledged(webhook, { image: repository, tag: "1.1.0-rc.1" }, proof);
    return (await tagOf(place, "open"))[0] === "1.1.0-rc.1";
  }, {
    last:
      async () => [await tagOf(place, "open"), await tenant.requests(), await eventsOf(tenant, "by-reference-open")],
  });
  assert.equal(await tagOf(place, "closed"), ["1.0.0", false]);
  const asked = (await tenant.requests()).map(({ spec }) => spec.targetRef.name);
  assert.equal([...new Set(asked)], ["by-reference-open"]);
  assert.equal(charts.requests(), [], "nobody asked with the login of another namespace");
  await place.change("OCIRepository", "open", {
    metadata: { annotations: { "headwind.sh/allow-from": null } },
    spec: { ref: { tag: "1.0.0" } },
  });
  await eventually("the consent is taken back", async () => {
    return (await eventsOf(tenant, "by-reference-open")).some((event) => event.startsWith("CrossNamespace: "));
  });
  await untilAcknowledged(webhook, { image: repository, tag: "1.1.0-rc.1" }, proof);
  await stranger.updatesInUsualTime();
  assert.is((await tagOf(place, "open"))[0], "1.0.0");
  end();
});

s("references to hundreds of other namespaces open no watch, and nothing waits for them", async () => {
  const before = await watches();
  const { end, tenant } = await stranger.attack(foreignReferences);
  await stranger.updatesInUsualTime();
  await eventually("the last one is told", async () => (await eventsOf(tenant, "foreign-399")).length > 0);
  assert.is((await fetch(`${stranger.operator.metrics}/readyz`)).status, 200);
  assert.ok(await watches() - before <= 10, `${await watches() - before} requests for sources`);
  end();
});

/** Runs until a tenant has changed a Deployment so often; gives the MB by which the memory has grown. */
async function churned(attack: Attack<Churning>, changes: number): Promise<number> {
  const before = await stranger.operator.memory();
  const { begun, end } = await stranger.attack(attack);
  await eventually(`${changes} changes`, async () => begun.changes() >= changes, {
    seconds: 60,
    last: () => `${begun.changes()} changes`,
  });
  await stranger.updatesInUsualTime();
  end();
  const { now } = await stranger.operator.memory();
  return now - before.now;
}

s("a pattern of 250 KB that changes again and again is not kept", async () => {
  const grown = await churned(churningPattern, 40);
  assert.ok(grown < 60, `${Math.round(grown)} MB more`);
});

s("thousands of unknown annotations, others each time, make no figures, and cost nobody the Lease", async () => {
  const grown = await churned(unknownAnnotations, 10);
  assert.ok(grown < 60, `${Math.round(grown)} MB more`);
  const figures = await stranger.operator.figures();
  const named = figures.split("\n").filter((line) => line.startsWith("headwind_bad_annotations_total"));
  assert.ok(named.length <= 5, named.slice(0, 10).join("\n"));
  assert.match(named.join("\n"), 'annotation="unknown"');
});

s("it is the same operator, which has lost no Lease", async () => {
  assert.is(stranger.operator.restarts(), 0);
  assert.is(await stranger.operator.leasesLost(), 0);
  const { most } = await stranger.operator.memory();
  assert.ok(most <= 256, `${most} MB`);
});

s.run();
