// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byName } from "./lifecycle_harness.ts";
import { failing, type Harness, harness, healthy, noon } from "./reconcile_harness.ts";
import { readHistory } from "../../../core/requests/history.ts";
import { readHolds } from "../../../core/requests/holds.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

const s = suite("one pod, one version");
const pod: WorkloadChanges = { migrate: "app:1.0.0" };
const both: RequestChanges = { containers: ["app", "migrate"] };
const images = (one: Harness) => (one.workload as Workload).slots.map(({ current }) => current);
const held = (one: Harness) =>
  readHolds((one.workload as Workload).annotations.held).map(({ container, image }) => `${container} ${image}`).sort();

s("both are moved by one patch, and one verification is for both", async () => {
  const one = harness({ requests: [requestOf(both)], workload: workloadOf(pod) });
  one.reading = healthy;
  await one.run();
  assert.equal(images(one), ["app:1.1.0", "proxy:2.0.0", "app:1.1.0"]);
  assert.equal(one.statuses(), ["a Verifying Applied"]);
  one.now += 60_000;
  await one.run();
  assert.equal(one.changed, ["apply app:1.1.0", "mark verified app:1.1.0"]);
  assert.equal(one.statuses(), ["a Completed Applied"]);
  const history = readHistory((one.workload as Workload).annotations.history);
  assert.equal(
    history.map(({ container, image, previousImage, verified }) => [container, image, previousImage, verified]),
    [["app", "app:1.1.0", "app:1.0.0", true], ["migrate", "app:1.1.0", "app:1.0.0", true]],
  );
  assert.match(one.store.requests.get("default/a")!.status!.message!, "app and init container migrate run app:1.1.0");
});

s("each is written as it was, though the other writes its name in another way", async () => {
  const workload = workloadOf({ migrate: "docker.io/library/app:1.0.0" });
  const one = harness({ requests: [requestOf(both)], workload });
  await one.run();
  assert.equal(images(one), ["app:1.1.0", "proxy:2.0.0", "docker.io/library/app:1.1.0"]);
  assert.equal(one.statuses(), ["a Completed Applied"]);
});

s("one approval is for both, and none moves one of them", async () => {
  const waiting = requestOf({ ...both, requireApproval: true });
  const one = harness({
    requests: [waiting],
    workload: workloadOf({ ...pod, annotations: { "require-approval": "true" } }),
  });
  await one.run();
  assert.equal([one.changed, one.statuses()], [[], ["a Pending WaitingForApproval"]]);
  one.store.put({
    ...one.store.requests.get("default/a")!,
    spec: { ...waiting.spec, decision: { approved: true, by: "ann" } },
  });
  const again = one.restarted();
  await again.run();
  assert.equal(images(again), ["app:1.1.0", "proxy:2.0.0", "app:1.1.0"]);
  assert.equal(again.changed, ["apply app:1.1.0"]);
});

s("both are rolled back by one patch, each to what it was, and the version is held for both", async () => {
  const workload = workloadOf({ ...pod, annotations: { "auto-rollback": "true" } });
  const one = harness({ requests: [requestOf(both)], workload });
  one.reading = failing;
  await one.run();
  one.now += 400_000;
  await one.run();
  assert.equal(one.changed, ["apply app:1.1.0", "roll back app:1.0.0"]);
  assert.equal(images(one), ["app:1.0.0", "proxy:2.0.0", "app:1.0.0"]);
  assert.equal(held(one), ["app app:1.1.0", "migrate app:1.1.0"]);
  assert.equal(one.statuses(), ["a RolledBack Applied"]);
});

s("a rollback that would part them goes to what ran before", async () => {
  const history = [{ image: "app:1.0.0", previousImage: "app:0.9.0", timestamp: "2026-01-01T01:00:00Z" }];
  const workload = workloadOf({ ...pod, history, annotations: { "auto-rollback": "true" } });
  const one = harness({ requests: [requestOf(both)], workload });
  one.reading = failing;
  await one.run();
  one.now += 400_000;
  await one.run();
  assert.equal(images(one), ["app:1.0.0", "proxy:2.0.0", "app:1.0.0"]);
});

const apart: [what: string, workload: WorkloadChanges, statuses: string][] = [
  ["a person moved one of them", { image: "app:1.0.5", migrate: "app:1.0.0" }, "a Superseded MovedApart"],
  ["a person moved one of them to what is wanted", { image: "app:1.1.0", migrate: "app:1.0.0" }, "a Completed Applied"],
  ["a person took one of them out", {}, "a Completed Applied"],
  ["a person moved both alike", { image: "app:1.0.5", migrate: "app:1.0.5" }, "a Completed Applied"],
  [
    "another container of that version came to them",
    { migrate: "app:1.0.0", images: { app: "app:1.0.0", proxy: "app:1.0.0" } },
    "a Completed Applied",
  ],
  ["a person brought both there", { image: "app:1.1.0", migrate: "app:1.1.0" }, "a Completed AlreadyRuns"],
];
for (const [what, workload, statuses] of apart) {
  s(`before it is applied, ${what}`, async () => {
    const given = workloadOf(workload);
    const one = harness({
      requests: [requestOf({ ...both, requireApproval: true, decision: { approved: true, by: "ann" } })],
      workload: given,
    });
    await one.run();
    assert.equal(one.statuses(), [statuses]);
    if (statuses.includes("Superseded")) assert.is(one.workload, given);
  });
}

s("what was not approved as it stands is said", async () => {
  const one = harness({
    requests: [requestOf({ ...both, decision: { approved: true, by: "ann" } })],
    workload: workloadOf({ image: "app:1.0.5", migrate: "app:1.0.0" }),
  });
  await one.run();
  const { message } = one.store.requests.get("default/a")!.status!;
  assert.is(message, "app and migrate were to move together, and app runs app:1.0.5 now, migrate app:1.0.0");
});

const leftOver: [what: string, workload: WorkloadChanges, images: string[]][] = [
  ["moved one of them", { image: "app:1.0.5", migrate: "app:1.0.0" }, ["app:1.0.5", "proxy:2.0.0", "app:1.1.0"]],
  ["moved one of them beyond", { image: "app:1.2.0", migrate: "app:1.0.0" }, ["app:1.2.0", "proxy:2.0.0", "app:1.1.0"]],
  ["moved one to another image", { image: "b:1", migrate: "app:1.0.0" }, ["b:1", "proxy:2.0.0", "app:1.1.0"]],
  ["took one out", {}, ["app:1.1.0", "proxy:2.0.0"]],
  ["took the first out", { image: "app:1.1.0", migrate: "docker.io/library/app:1.0.0" }, [
    "app:1.1.0",
    "proxy:2.0.0",
    "docker.io/library/app:1.1.0",
  ]],
];
for (const [what, workload, are] of leftOver) {
  s(
    `where nobody has to approve and a person ${what}, the rest is moved: nobody tells of the version again`,
    async () => {
      const one = harness({ requests: [requestOf(both)], workload: workloadOf(workload) });
      one.reading = healthy;
      await one.run();
      assert.equal(images(one), are);
      one.now += 60_000;
      await one.run();
      assert.equal(one.statuses(), ["a Completed Applied"]);
      assert.equal(one.changed, ["apply app:1.1.0", "mark verified app:1.1.0"]);
    },
  );
}

const ofOlder = {
  container: "app",
  image: "app:1.1.0",
  previousImage: "app:1.0.0",
  timestamp: "2026-01-01T11:30:00Z",
  updateRequestUid: "uid-a",
};
for (const phase of ["Verifying", "Completed"] as const) {
  s(`what a Headwind of before moved alone is not taken for left by a person: ${phase}`, async () => {
    const entry = { ...ofOlder, ...(phase === "Completed" ? { verified: true } : {}) };
    const one = harness({
      requests: [requestOf({ ...both, phase, appliedAt: entry.timestamp })],
      workload: workloadOf({ image: "app:1.1.0", migrate: "app:1.0.0", history: [entry] }),
    });
    one.reading = healthy;
    await one.run();
    one.now += 60_000;
    await one.run();
    assert.equal(held(one), []);
    assert.match(one.statuses()[0]!, "a Completed");
  });
}

s("what failed in one container is not brought into the other by a request of before", async () => {
  const requests = [requestOf({ name: "a" }), requestOf({ name: "b", container: "migrate" })];
  const one = harness({ requests, workload: workloadOf({ ...pod, annotations: { "auto-rollback": "true" } }) });
  one.reading = failing;
  await one.run();
  for (let times = 0; times < 2; times++) {
    one.now += 400_000;
    await one.run();
  }
  assert.equal(images(one), ["app:1.0.0", "proxy:2.0.0", "app:1.0.0"]);
  assert.equal(one.statuses(), ["a RolledBack Applied", "b Held VersionHeld"]);
});

s("a person who takes one of them back while it is verified has left the version", async () => {
  const one = harness({ requests: [requestOf(both)], workload: workloadOf(pod) });
  one.reading = healthy;
  await one.run();
  const { history = "" } = (one.workload as Workload).annotations;
  one.workload = workloadOf({ image: "app:1.1.0", migrate: "app:1.0.0", annotations: { "update-history": history } });
  await one.run();
  assert.equal([one.statuses(), held(one)], [["a Held Applied"], ["migrate app:1.1.0"]]);
  assert.equal(images(one), ["app:1.1.0", "proxy:2.0.0", "app:1.0.0"]);
});

s("requests of before, for one container each, are applied each for its own, and once", async () => {
  const requests = [requestOf({ name: "a" }), requestOf({ name: "b", container: "migrate" })];
  const one = harness({ requests, workload: workloadOf(pod) });
  one.reading = healthy;
  await one.run();
  assert.equal(images(one), ["app:1.1.0", "proxy:2.0.0", "app:1.0.0"]);
  one.now += 60_000;
  await one.run();
  one.now += 600_000;
  await one.run();
  one.now += 60_000;
  await one.run();
  assert.equal(images(one), ["app:1.1.0", "proxy:2.0.0", "app:1.1.0"]);
  assert.equal(one.changed.filter((what) => what.startsWith("apply")).length, 2);
  assert.equal(one.statuses(), ["a Completed Applied", "b Completed Applied"]);
});

const newer = { newImage: "app:1.2.0" };
const superseded: [what: string, requests: RequestChanges[], is: string[]][] = [
  ["one for both gives way to a newer one for both", [{ ...both }, { ...both, ...newer }], [
    "Superseded Newer",
    "apply",
  ]],
  ["one for both gives way to newer ones for each", [{ ...both }, newer, { ...newer, container: "migrate" }], [
    "Superseded Newer",
    "apply",
    "apply",
  ]],
  ["one for both does not give way to a newer one for one of them", [{ ...both }, newer], ["apply", "apply"]],
  ["one for one gives way to a newer one for both", [{}, { ...both, ...newer }], ["Superseded Newer", "apply"]],
];
for (const [what, requests, is] of superseded) {
  s(what, () => {
    const all = requests.map((request, at) => requestOf({ ...request, name: "abc"[at]! }));
    const settings = { annotations: { "require-approval": "false" } };
    assert.equal(byName(all, { workload: workloadOf({ ...pod, ...settings }), now: noon }), is);
  });
}

s.run();
