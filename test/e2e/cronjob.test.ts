import * as assert from "uvu/assert";
import type { Phase } from "../../core/requests/phases.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import { openOperator, type OperatorFixture } from "./fixture.ts";
import { condition, openWorkloads, phases, type TestWorkloads } from "./test_workloads.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a CronJob is verified by its next Job");

let { fixture, ns, operator } = {} as OperatorFixture;

let workloads: TestWorkloads;

const minutely = { schedule: "* * * * *" };
const broken = `1.1.${FAULTS.crashes}`;

s.before(async () => {
  ({ fixture, ns, operator } = await openOperator("cronjob"));
  workloads = openWorkloads(ns, () => operator);
  await add("good", {}, minutely);
  await add("bad", {}, minutely);
  await add("undone", { "auto-rollback": "true" }, minutely);
  await add("suspended-later", {}, {});
  for (const name of ["good", "suspended-later"]) await workloads.tell(name, "1.1.0");
  for (const name of ["bad", "undone"]) await workloads.tell(name, broken);
});

s.after(() => fixture.stop());

async function add(name: string, annotations: Record<string, string>, spec: Record<string, unknown>): Promise<void> {
  await workloads.add(name, { kind: "CronJob", annotations, spec });
}

/** The next Job comes within a minute, or within two where that one began in the second of the change. */
const ends = (name: string, tag: string, phase: Phase): Promise<UpdateRequest> =>
  workloads.phase(name, tag, phase, 130);

s("suspended: completed at once, and not said to be verified", async () => {
  await add("suspended", {}, { suspend: true });
  const request = await workloads.updated("suspended", "1.1.0");
  const { status, reason } = condition(request, "Healthy");
  assert.equal([status, reason], ["Unknown", "Suspended"]);
  assert.equal(phases(request), ["Completed"]);
  assert.is((await workloads.history("suspended"))[0]!.verified, undefined);
});

s("suspended while it is verified", async () => {
  const waiting = await workloads.phase("suspended-later", "1.1.0", "Verifying");
  assert.is(condition(waiting, "Healthy").reason, "NoJobYet");
  await ns.change("CronJob", "suspended-later", { spec: { suspend: true } });
  const request = await workloads.phase("suspended-later", "1.1.0", "Completed");
  assert.is(condition(request, "Healthy").reason, "Suspended");
});

s("no Job comes: it waits until rollback-timeout, and is completed unseen", async () => {
  await add("yearly", { "rollback-timeout": "3", "auto-rollback": "true" }, {});
  const request = await workloads.updated("yearly", "1.1.0");
  const { status, reason } = condition(request, "Healthy");
  assert.equal([status, reason], ["Unknown", "NoJobYet"]);
  assert.equal(phases(request), ["Verifying", "Completed"]);
  const { appliedAt, lastUpdated, message } = request.status!;
  assert.ok(Date.parse(lastUpdated!) - Date.parse(appliedAt!) >= 3000);
  assert.match(message!, "not verified: no Job has run yet");
});

s("its next Job succeeds", async () => {
  const request = await ends("good", "1.1.0", "Completed");
  assert.equal([condition(request, "Healthy").status, phases(request)], ["True", ["Verifying", "Completed"]]);
  assert.is((await workloads.history("good"))[0]!.verified, true);
});

s("its next Job fails: it says so, and leaves the workload as it is", async () => {
  const request = await ends("bad", broken, "Failed");
  assert.is(condition(request, "Healthy").reason, "JobFailed");
  assert.is(await workloads.running("bad"), workloads.image("bad", broken));
});

s("its next Job fails, with auto-rollback", async () => {
  await ends("undone", broken, "RolledBack");
  assert.is(await workloads.running("undone"), workloads.image("undone", "1.0.0"));
  assert.equal((await workloads.holds("undone")).map(({ image, by }) => [image, by]), [
    [workloads.image("undone", broken), "headwind"],
  ]);
});

s("no pod was watched", async () => {
  const { metrics } = operator;
  const text = await eventually("metrics", async () => await (await fetch(`${metrics}/metrics`)).text());
  assert.not.match(text, /resource="pods"/);
});

s.run();
