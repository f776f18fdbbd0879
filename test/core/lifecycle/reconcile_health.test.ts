import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  edit,
  failing,
  found,
  type Harness,
  healthy,
  heldOf,
  historyOf,
  imageOf,
  lastSaid,
  noon,
  progressing,
  settled,
  unread,
  unseen,
} from "./reconcile_harness.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("reconciler, after a change");
const seconds = 1000;

interface Row {
  what: string;
  reading: HealthReading;
  annotations?: Record<string, string>;
  /** What stands at first, and when it is looked at again, in seconds. */
  first: [statuses: string, again: number | undefined];
  /** What stands in the end, and after how many seconds. */
  last: [statuses: string, after: number];
  changed: string[];
  runs?: string;
  held?: string[];
}
const rows: Row[] = [
  {
    what: "healthy for the soak time",
    reading: healthy,
    first: ["Verifying Healthy", 30],
    last: ["Completed Verified", 30],
    changed: ["apply app:1.1.0", "mark verified app:1.1.0"],
  },
  {
    what: "no soak time",
    reading: healthy,
    annotations: { soak: "0" },
    first: ["Completed Verified", undefined],
    last: ["Completed Verified", 0],
    changed: ["apply app:1.1.0", "mark verified app:1.1.0"],
  },
  {
    what: "checks tell of no change: read again after the interval",
    reading: { ...healthy, again: true },
    first: ["Verifying Healthy", 10],
    last: ["Completed Verified", 30],
    changed: ["apply app:1.1.0", "mark verified app:1.1.0"],
  },
  {
    what: "nothing to be seen",
    reading: unseen,
    first: ["Completed NoReplicas", undefined],
    last: ["Completed NoReplicas", 0],
    changed: ["apply app:1.1.0"],
  },
  {
    what: "failing, three readings in a row",
    reading: failing,
    first: ["Verifying CrashLoopBackOff", 20],
    last: ["Failed CrashLoopBackOff", 20],
    changed: ["apply app:1.1.0"],
  },
  {
    what: "failing, with auto-rollback",
    reading: failing,
    annotations: { "auto-rollback": "true", "health-check-retries": "1" },
    first: ["RolledBack RolledBack", undefined],
    last: ["RolledBack RolledBack", 0],
    changed: ["apply app:1.1.0", "roll back app:1.0.0"],
    runs: "app:1.0.0",
    held: ["app:1.1.0"],
  },
  {
    what: "on its way for ever",
    reading: progressing,
    annotations: { "rollback-timeout": "1m" },
    first: ["Verifying PodsNotUpdated", 60],
    last: ["Failed NotHealthyInTime", 60],
    changed: ["apply app:1.1.0"],
  },
  {
    what: "on its way for ever, with auto-rollback",
    reading: progressing,
    annotations: { "auto-rollback": "true" },
    first: ["Verifying PodsNotUpdated", 300],
    last: ["RolledBack RolledBack", 300],
    changed: ["apply app:1.1.0", "roll back app:1.0.0"],
    runs: "app:1.0.0",
    held: ["app:1.1.0"],
  },
];
for (const { what, reading, annotations, first, last, changed: changes, runs = "app:1.1.0", held: left = [] } of rows) {
  s(`${what}: ${last[0]}`, async () => {
    const one = found(reading, annotations);
    const { again } = await one.run();
    assert.equal([lastSaid(one), again], [first[0], first[1] && first[1] * seconds]);
    one.now = noon;
    assert.is(await settled(one), last[1]);
    assert.is(lastSaid(one), last[0]);
    assert.equal(one.changed, changes);
    assert.equal(one.patched, changes.map((change) => /^(.*) /.exec(change)![1]));
    assert.is(imageOf(one), runs);
    assert.equal(heldOf(one), left);
    assert.is(historyOf(one).some(({ verified }) => verified), changes.some((change) => change.startsWith("mark")));
    const told = one.told.length;
    await settled(one);
    assert.is(one.told.length, told, "said again");
  });
}

s("it is read once in a pass, and no more once it is verified; then nothing is watched for it", async () => {
  const one = found(healthy);
  await one.run();
  assert.equal([one.readings, one.releases], [1, 0]);
  await one.run();
  assert.equal([one.readings, one.releases], [2, 0]);
  await settled(one);
  assert.is(one.releases, 1);
  const before = one.readings;
  await one.run();
  assert.is(one.readings, before);
});

const rollout = (one: Harness) =>
  one.store.requests.get("default/a")!.status?.rollout?.map((sample) =>
    `${(Date.parse(sample.at) - noon) / seconds} ${sample.old}/${sample.new}/${sample.ready}`
  );
const writes = ({ store }: Harness) => store.calls.filter((call) => call === "status default/a").length;
const withPods = (reading: HealthReading, old: number, newer: number, ready: number): HealthReading => ({
  ...reading,
  pods: { old, new: newer, ready },
});
/** Finds the workload so after some seconds. Gives what was written since, Events beside it, and when it comes again. */
async function foundAfter(one: Harness, after: number, reading: HealthReading) {
  const [before, told] = [writes(one), one.recorded.length];
  one.now += after * seconds;
  one.reading = reading;
  const { again } = await one.run();
  return [writes(one) - before, one.recorded.length - told, again && again / seconds];
}

s("samples of a rollout go along with what is written; for them alone a write is made in five seconds", async () => {
  const one = found(progressing);
  await one.run();
  assert.equal(rollout(one), undefined);
  assert.equal(await foundAfter(one, 1, withPods(progressing, 2, 0, 0)), [1, 0, 299]);
  assert.equal(await foundAfter(one, 1, withPods(progressing, 2, 0, 0)), [0, 0, 298]);
  assert.equal(await foundAfter(one, 1, withPods(progressing, 2, 1, 0)), [0, 0, 3]);
  assert.equal(await foundAfter(one, 2, withPods(progressing, 1, 1, 1)), [0, 0, 1]);
  assert.equal(await foundAfter(one, 1, withPods(progressing, 1, 1, 1)), [1, 0, 294]);
  assert.equal(await foundAfter(one, 1, withPods(healthy, 0, 2, 2)), [1, 1, 30]);
  assert.equal(rollout(one), ["1 2/0/0", "6 1/1/1", "7 0/2/2"]);
  await settled(one);
  assert.equal([lastSaid(one), rollout(one)?.length], ["Completed Verified", 3]);
});

s("a replica that goes on where another was killed adds no sample twice, and keeps the time between two", async () => {
  const one = found(withPods(progressing, 2, 0, 0));
  await one.run();
  const other = one.restarted();
  assert.equal(await foundAfter(other, 2, withPods(progressing, 2, 0, 0)), [0, 0, 298]);
  assert.equal(await foundAfter(other, 1, withPods(progressing, 1, 1, 0)), [0, 0, 2]);
  assert.equal(rollout(other), ["0 2/0/0"]);
  assert.equal(await foundAfter(other.restarted(), 2, withPods(progressing, 1, 1, 0)), [1, 0, 295]);
  assert.equal(rollout(other), ["0 2/0/0", "5 1/1/0"]);
});

s("a write of a sample whose answer was lost is not made again", async () => {
  const one = found(progressing);
  await one.run();
  const { writeStatus } = one.store;
  one.store.writeStatus = async (...given) => {
    await writeStatus(...given);
    throw new Error("the answer was lost");
  };
  one.reading = withPods(progressing, 2, 0, 0);
  await one.run().then(() => assert.unreachable(), ({ message }) => assert.is(message, "the answer was lost"));
  assert.equal(rollout(one), ["0 2/0/0"]);
  one.store.writeStatus = writeStatus;
  assert.equal(await foundAfter(one.restarted(), 1, withPods(progressing, 2, 0, 0)), [0, 0, 299]);
});

s("what it was when it was found good is a sample too, however fast that was", async () => {
  const one = found(withPods(healthy, 0, 2, 2), { soak: "0" });
  await one.run();
  assert.equal([lastSaid(one), rollout(one)], ["Completed Verified", ["0 0/2/2"]]);
});

s("what it was when it failed is a sample too", async () => {
  const one = found(withPods(failing, 1, 1, 0), { "health-check-retries": "1" });
  await one.run();
  assert.equal([lastSaid(one), rollout(one)], ["Failed CrashLoopBackOff", ["0 1/1/0"]]);
});

s("a CRD of before lets samples fall: they are tried again in ten minutes, and the rest goes on", async () => {
  const one = found(progressing, { "rollback-timeout": "30m" });
  const { writeStatus } = one.store;
  one.store.writeStatus = (request, { rollout: _, ...known }) => writeStatus(request, known);
  await one.run();
  assert.equal(await foundAfter(one, 1, withPods(progressing, 2, 0, 0)), [1, 0, 1799]);
  assert.equal(await foundAfter(one, 9, withPods(progressing, 1, 1, 0)), [0, 0, 1790]);
  assert.equal(await foundAfter(one, 600, withPods(progressing, 0, 2, 0)), [1, 0, 1190]);
  await foundAfter(one, 1, withPods(healthy, 0, 2, 2));
  await settled(one);
  assert.is(lastSaid(one), "Completed Verified");
});

s("while its checks are read nothing is written, and nothing of it is let go", async () => {
  const one = found(healthy);
  await one.run();
  assert.is(lastSaid(one), "Verifying Healthy");
  const told = one.told.length;
  one.reading = unread;
  one.now += 30 * seconds;
  const { again } = await one.run();
  assert.equal([one.told.length, one.releases], [told, 0]);
  assert.ok(again! > 0);
  one.reading = { ...healthy, again: true };
  await one.run();
  assert.is(lastSaid(one), "Completed Verified");
});

s("the next version waits too while the checks of the one before are read", async () => {
  const one = found(unread);
  await one.run();
  one.cache.upsert(one.store.put(requestOf({ name: "b", currentImage: "app:1.1.0", newImage: "app:1.2.0" })));
  await one.run();
  assert.equal(one.applied, ["app:1.1.0"]);
  assert.equal(one.statuses(), ["a - -", "b Pending Verifying"]);
});

s("checks that never say anything fail the update in the end", async () => {
  const one = found(unread, { "auto-rollback": "true", "rollback-timeout": "1m" });
  assert.is(await settled(one), 120);
  assert.is(lastSaid(one), "RolledBack RolledBack");
  assert.is(imageOf(one), "app:1.0.0");
});

s("when its last request is gone nothing is watched for it either", async () => {
  const one = found(healthy);
  await one.run();
  one.store.requests.clear();
  one.cache.remove("default/a");
  assert.equal(await one.run(), {});
  assert.is(one.releases, 1);
});

s("the next version waits until the one before is verified, or has failed", async () => {
  for (const reading of [healthy, failing]) {
    const one = found(reading);
    await one.run();
    one.cache.upsert(one.store.put(requestOf({ name: "b", currentImage: "app:1.1.0", newImage: "app:1.2.0" })));
    await one.run();
    assert.equal(one.applied, ["app:1.1.0"]);
    assert.match(one.statuses()[1]!, /^b Pending Verifying$/);
    one.now += 30 * seconds;
    await one.run();
    assert.equal(one.applied, ["app:1.1.0", "app:1.2.0"]);
  }
});

s("what a person left is held: written down, not offered again, and a newer version is", async () => {
  const one = found(healthy);
  await settled(one);
  edit(one, "app:1.0.0");
  await one.run();
  assert.is(one.changed.at(-1), "hold app:1.1.0");
  assert.equal(heldOf(one), ["app:1.1.0"]);
  assert.equal(one.statuses(), ["a Held Applied"]);
  assert.is(imageOf(one), "app:1.0.0");
  one.cache.upsert(one.store.put(requestOf({ name: "b", newImage: "app:1.2.0" })));
  await settled(one);
  assert.is(imageOf(one), "app:1.2.0");
});

for (
  const [where, store] of [
    ["gone", (one) => void one.store.requests.clear()],
    ["waiting as before", (one) => void one.store.put(requestOf())],
  ] as [string, (one: Harness) => void][]
) {
  s(`what a restore of etcd took back was left by nobody: the request is ${where}`, async () => {
    const one = found(healthy);
    await settled(one);
    const known = one.store.requests.get("default/a")!;
    edit(one, "app:1.0.0");
    store(one);
    one.store.changed = () => {};
    assert.equal(await one.run(), { again: 1000 });
    assert.equal(heldOf(one), []);
    one.store.requests.set("default/a", known);
    await one.run();
    assert.equal(heldOf(one), ["app:1.1.0"]);
  });
}

s("a change that a person's overtakes is read again: a rollback too", async () => {
  const one = found(failing, { "auto-rollback": "true", "health-check-retries": "1" });
  one.meddle = (call) => {
    if (call !== "patch" || one.changed.length !== 1) return;
    edit(one, "app:1.5.0");
    delete one.meddle;
  };
  await one.run();
  assert.is(imageOf(one), "app:1.5.0");
  assert.equal(one.changed, ["apply app:1.1.0"]);
  assert.equal(one.statuses(), ["a Superseded Applied"]);
});

s.run();
