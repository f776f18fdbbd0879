import * as assert from "uvu/assert";
import { FAULTS } from "../../scripts/testbed/stages.ts";
import type { WorkloadKind } from "./manifests.ts";
import { openOperator, type OperatorFixture } from "./fixture.ts";
import { condition, openWorkloads, phases, type TestWorkloads } from "./test_workloads.ts";
import { e2e, eventually, pause } from "./suite.ts";

const s = e2e("an update is done when the workload is healthy on it");

let { fixture, ns, operator } = {} as OperatorFixture;

let workloads: TestWorkloads;

s.before(async () => {
  ({ fixture, ns, operator } = await openOperator("verification"));
  workloads = openWorkloads(ns, () => operator);
});

s.after(() => fixture.stop());

const kinds: WorkloadKind[] = ["Deployment", "StatefulSet", "DaemonSet"];
const version = (patch: string) => `1.1.${patch}`;
/** Waits until an Event tells of it: it is written beside the status. */
const told = (name: string, reason: string) =>
  eventually(`an Event ${reason} on ${name}`, async () => {
    return (await workloads.events(name)).find((event) => event.reason === reason);
  }, { last: () => workloads.events(name) });

for (const kind of kinds) {
  s(`${kind}: healthy`, async () => {
    const name = `healthy-${kind.toLowerCase()}`;
    await workloads.add(name, { kind, replicas: 2 });
    const request = await workloads.updated(name, "1.1.0");
    assert.equal(phases(request), ["Verifying", "Completed"]);
    const { status, reason, message } = condition(request, "Healthy");
    assert.equal([status, reason], ["True", "Healthy"]);
    assert.ok(message);
    assert.is(condition(request, "Applied").status, "True");
    const [entry, ...older] = await workloads.history(name);
    const { rollout = [] } = request.status!;
    const counts = rollout.map(({ old, new: newer, ready }) => `${old}/${newer}/${ready}`);
    assert.ok(counts.length > 0);
    assert.equal([...new Set(counts)], counts, "none is told twice, since a rollout goes one way");
    assert.ok(rollout.every(({ old, new: newer, ready }) => old + newer <= 3 && ready <= newer), String(counts));
    assert.ok(rollout.every(({ at }) => Date.parse(at) >= Date.parse(request.status!.appliedAt!) - 1000));
    assert.equal([entry!.image, entry!.verified, older.length], [workloads.image(name, "1.1.0"), true, 0]);
    await told(name, "UpdateApplied");
    const verified = await told(name, "UpdateVerified");
    assert.is(verified.type, "Normal");
    assert.match(verified.message, "healthy for 0 s");
    // that of a Deployment counts changes of annotations too: its history is marked
    assert.is((await ns.workload(kind, name)).metadata.generation, kind === "Deployment" ? 3 : 2);
  });

  s(`${kind}: its container crashes`, async () => {
    const name = `crashes-${kind.toLowerCase()}`;
    await workloads.add(name, { kind, replicas: 2, annotations: { "rollback-timeout": "3" } });
    await workloads.tell(name, version(FAULTS.crashes));
    const request = await workloads.phase(name, version(FAULTS.crashes), "Failed");
    assert.equal(phases(request), ["Verifying", "Failed"]);
    const { status, reason, message } = condition(request, "Healthy");
    assert.equal([status, reason], ["False", "CrashLoopBackOff"]);
    assert.match(
      message,
      new RegExp(`^pod ${name}-\\S+, container app: back-off restarting failed container; it last`),
    );
    assert.match(request.status!.message!, "auto-rollback is not set: left as it is");
    assert.ok(request.status!.message!.startsWith(message));
    assert.is(await workloads.running(name), workloads.image(name, version(FAULTS.crashes)));
    const { metadata } = await ns.workload(kind, name);
    assert.is(metadata.generation, 2);
    const [entry] = await workloads.history(name);
    assert.is(entry!.verified, undefined);
    assert.equal(await workloads.holds(name), []);
    assert.is((await told(name, "UpdateUnhealthy")).type, "Warning");
    const failed = await told(name, "UpdateFailed");
    assert.is(failed.type, "Warning");
    assert.match(failed.message, "container app: back-off restarting failed container");
  });
}

s("an image that cannot be pulled", async () => {
  await workloads.add("unpullable");
  await workloads.tell("unpullable", version(FAULTS.unpullable));
  const { status, reason, message } = condition(
    await workloads.phase("unpullable", version(FAULTS.unpullable), "Failed"),
    "Healthy",
  );
  assert.equal([status, reason], ["False", "ImagePullBackOff"]);
  assert.match(message, /container app: Back-off pulling image .*: not found$/);
});

s("one that is never ready fails at rollback-timeout, and not before", async () => {
  await workloads.add("unready", { annotations: { "rollback-timeout": "3" } });
  await workloads.tell("unready", version(FAULTS.unready));
  const request = await workloads.phase("unready", version(FAULTS.unready), "Failed");
  const { reason, message } = condition(request, "Healthy");
  assert.is(reason, "NotHealthyInTime");
  assert.match(message, "not healthy within 3 s (rollback-timeout): ");
  const { appliedAt, lastUpdated } = request.status!;
  assert.ok(Date.parse(lastUpdated!) - Date.parse(appliedAt!) >= 3000, `${appliedAt} ${lastUpdated}`);
});

s("readiness that is lost while it soaks", async () => {
  await workloads.add("flaps", { annotations: { soak: "60" } });
  await workloads.tell("flaps", version(FAULTS.flaps));
  const request = await workloads.phase("flaps", version(FAULTS.flaps), "Failed");
  const { reason, message } = condition(request, "Healthy");
  assert.is(reason, "ReadinessLost");
  assert.match(message, "it was healthy and is not any more");
  assert.ok(request.status!.steps!.some(({ phase, reason }) => phase === "Verifying" && reason === "Healthy"));
});

s("a soak time is kept", async () => {
  await workloads.add("soaks", { annotations: { soak: "3" } });
  const request = await workloads.updated("soaks", "1.1.0");
  const healthySince = Date.parse(condition(request, "Healthy").lastTransitionTime);
  const soaked = Date.parse(request.status!.lastUpdated!) - healthySince;
  assert.ok(soaked >= 3000, `${soaked} ms`);
  assert.match(request.status!.message!, "has stayed healthy for 3 s");
});

s("an update of one container of two, the other one's fault left to it", async () => {
  const containers = [
    { name: "app", image: workloads.image("pair", "1.0.0") },
    { name: "side", image: workloads.image("side", "1.0.0") },
  ];
  await workloads.add("pair", { containers });
  await workloads.updated("pair", "1.1.0");
  const { reason } = condition(await workloads.updated("pair", "1.2.0"), "Healthy");
  assert.is(reason, "Healthy");
  assert.equal((await workloads.history("pair")).map(({ image, verified }) => [image, verified]), [
    [workloads.image("pair", "1.2.0"), true],
    [workloads.image("pair", "1.1.0"), true],
  ]);
});

s("what is to be applied waits until the update before it is verified", async () => {
  await workloads.add("waits", { annotations: { soak: "2" } });
  await workloads.tell("waits", "1.1.0");
  await workloads.phase("waits", "1.1.0", "Verifying");
  await workloads.tell("waits", "1.2.0");
  const waiting = await workloads.phase("waits", "1.2.0", "Pending");
  assert.is(condition(waiting, "Applied").reason, "Verifying");
  const first = await workloads.phase("waits", "1.1.0", "Completed");
  const second = await workloads.phase("waits", "1.2.0", "Completed");
  assert.ok(second.status!.appliedAt! >= first.status!.lastUpdated!.slice(0, 19), "one after the other");
  assert.equal((await workloads.history("waits")).map(({ verified }) => verified), [true, true]);
});

s("annotations that cannot be read: a Warning, the default used, and the condition says so", async () => {
  await workloads.add("soon", { annotations: { "rollback-timeout": "soon", "health-check-retries": "few" } });
  const warning = await told("soon", "InvalidAnnotation");
  assert.is(warning.type, "Warning");
  for (const text of ['rollback-timeout is "soon"', "300 is used", 'health-check-retries is "few"', "3 is used"]) {
    assert.match(warning.message, text);
  }
  await workloads.tell("soon", version(FAULTS.unready));
  const request = await eventually("it says so", async () => {
    const found = await workloads.request("soon", version(FAULTS.unready));
    return found?.status?.phase === "Verifying" && found;
  });
  assert.match(condition(request, "Healthy").message, 'rollback-timeout is "soon"');
  await workloads.annotate("soon", { "rollback-timeout": "1" });
  assert.is(
    condition(await workloads.phase("soon", version(FAULTS.unready), "Failed"), "Healthy").reason,
    "NotHealthyInTime",
  );
});

s("a history that was edited into nonsense is read as empty and written anew", async () => {
  await workloads.add("nonsense", { annotations: { "update-history": '[{"container": 7}, "', soak: "2" } });
  await workloads.tell("nonsense", "1.1.0");
  await workloads.phase("nonsense", "1.1.0", "Verifying");
  assert.equal((await workloads.history("nonsense")).map(({ image }) => image), [workloads.image("nonsense", "1.1.0")]);
  await workloads.annotate("nonsense", { "update-history": "{}" });
  await workloads.phase("nonsense", "1.1.0", "Completed");
  await workloads.updated("nonsense", "1.2.0");
  assert.equal((await workloads.history("nonsense")).map(({ image, verified }) => [image, verified]), [
    [workloads.image("nonsense", "1.2.0"), true],
  ]);
});

s("nothing went wrong beside", async () => {
  await pause(100);
  assert.not.match(await operator.logs(), /TypeError|unhandled|"level":"error"/i);
});

s.run();
