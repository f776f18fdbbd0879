// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Situation } from "../../../core/lifecycle/step.ts";
import { byName, found, holding, ofHistory, steps, told } from "./lifecycle_harness.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const test = suite("lifecycle, once a version was applied, left or held");

const single: Record<
  string,
  { request?: Parameters<typeof requestOf>[0]; situation?: Partial<Situation>; is: string }
> = {
  "runs, since it was applied: its health is read": {
    request: { appliedAt: "2026-01-01T11:59:00Z" },
    situation: { workload: workloadOf({ image: "app:1.1.0" }) },
    is: "read health",
  },
  "runs, since it was applied, which a kill kept from being written down": {
    situation: { workload: ofHistory("app:1.1.0", { updateRequestUid: "uid-a" }) },
    is: "read health",
  },
  "applied, and on its way": {
    request: { appliedAt: "2026-01-01T11:59:00Z" },
    situation: { workload: workloadOf({ image: "app:1.1.0" }), readings: found("progressing") },
    is: "Verifying PodsNotUpdated",
  },
  "applied, and not healthy in time": {
    request: { appliedAt: "2026-01-01T11:55:00Z" },
    situation: { workload: workloadOf({ image: "app:1.1.0" }), readings: found("progressing") },
    is: "Failed NotHealthyInTime",
  },
  "not healthy in time, with auto-rollback": {
    situation: {
      workload: ofHistory("app:1.1.0", { updateRequestUid: "uid-a", timestamp: "2026-01-01T11:55:00Z" }, {
        "auto-rollback": "true",
      }),
      readings: found("progressing"),
    },
    is: "roll back",
  },
  "rolled back": {
    request: { appliedAt: "2026-01-01T11:55:00Z", phase: "Verifying" },
    situation: {
      workload: ofHistory("app:1.0.0", {
        previousImage: "app:1.1.0",
        rollback: { of: "app:1.1.0", by: "headwind", reason: "it crashed" },
      }),
    },
    is: "RolledBack RolledBack",
  },
  "left by a person before it was verified": {
    request: { appliedAt: "2026-01-01T11:55:00Z", phase: "Verifying" },
    is: "hold",
  },
  "left by a person when it was done": {
    request: { appliedAt: "2026-01-01T11:00:00Z", phase: "Completed" },
    is: "hold",
  },
  "done, and still there": {
    request: { appliedAt: "2026-01-01T11:00:00Z", phase: "Completed" },
    situation: { workload: workloadOf({ image: "app:1.1.0" }) },
    is: "nothing",
  },
  "held": { situation: { workload: holding("app:1.1.0") }, is: "Held VersionHeld" },
  "held, though a person approved it": {
    request: { decision: { approved: true, by: "ann" } },
    situation: { workload: holding("app:1.1.0") },
    is: "Held VersionHeld",
  },
  "another one is held": { situation: { workload: holding("app:1.0.9") }, is: "apply" },
  "held, and let go": {
    request: { phase: "Held" },
    situation: { workload: holding("app:1.1.0", { resumedAt: "2026-01-01T11:30:00Z" }) },
    is: "apply",
  },
};
for (const [name, { request, situation, is }] of Object.entries(single)) {
  test(name, () => assert.is(told(steps([requestOf(request)], situation)[0]), is));
}

test("what a person left is held before the next version hides it", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0", appliedAt: "2026-01-01T11:00:00Z", phase: "Completed" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  const [first, ...others] = steps([a, b]).map(told);
  assert.is(first, "hold");
  assert.not(others.includes("apply"));
});

test("one change at a time: another waits until the one before is verified", () => {
  const workload = workloadOf({ image: "app:1.1.0" });
  const a = requestOf({ name: "a", newImage: "app:1.1.0", appliedAt: "2026-01-01T11:59:00Z" });
  const newer = requestOf({ name: "b", newImage: "app:1.2.0", currentImage: "app:1.1.0" });
  const other = requestOf({ name: "c", container: "proxy", currentImage: "proxy:2.0.0", newImage: "proxy:2.1.0" });
  const decision = { approved: true, by: "ann" };
  const approved = { ...other, spec: { ...other.spec, decision }, status: { phase: "Approved" as const } };
  const readings = found("progressing");
  for (
    const [next, statuses] of [
      [newer, "Pending Verifying"],
      [other, "Pending Verifying"],
      [approved, "Approved Verifying"],
    ] as const
  ) {
    assert.equal(byName([a, next], { workload }), ["read health", statuses]);
    assert.equal(byName([a, next], { workload, readings }), ["Verifying PodsNotUpdated", statuses]);
  }
});

test("a version that is held displaces nothing", () => {
  const a = requestOf({ name: "a", newImage: "app:1.1.0" });
  const b = requestOf({ name: "b", newImage: "app:1.2.0" });
  assert.equal(byName([a, b], { workload: holding("app:1.2.0") }), ["apply", "Held VersionHeld"]);
});

test("what came of the last change is written down before the next one is made, whatever the names say", () => {
  const of = (name: string, container: string, more: Parameters<typeof requestOf>[0]) =>
    requestOf({ name, container, currentImage: `${container}:2.0.0`, newImage: `${container}:2.1.0`, ...more });
  const next = (name: string) => of(name, "next", {});
  const workload = workloadOf({
    images: { next: "next:2.0.0", runs: "runs:2.1.0", held: "held:2.0.0" },
    annotations: {
      held: JSON.stringify([
        { container: "held", image: "held:2.1.0", at: "2026-01-01T11:58:00Z", by: "ann", reason: "it is slow" },
      ]),
    },
  });
  const long = { appliedAt: "2026-01-01T11:50:00Z", phase: "Verifying" } as const;
  const readings = new Map([["uid-m", found("progressing").get("uid-a")!]]);
  for (const name of ["a", "z"]) {
    const failed = steps([next(name), of("m", "runs", long)], { workload, readings });
    assert.equal(failed.map(told), ["Failed NotHealthyInTime", "apply"]);
    const held = steps([next(name), of("m", "held", long)], { workload });
    assert.equal(held.map(told), ["Held VersionHeld", "apply"]);
    const never = steps([next(name), of("m", "held", {})], { workload });
    assert.equal(never.map(told), ["apply", "Held VersionHeld"], "what was never applied hides nothing");
    const ended = steps([next(name), of("m", "runs", {})], { workload });
    assert.equal(ended.map(told), ["apply", "Completed AlreadyRuns"]);
    const waits = of("m", "held", { requireApproval: true, newImage: "held:2.2.0" });
    assert.equal(steps([waits, of("n", "runs", {})], { workload }).map(told), [
      "Completed AlreadyRuns",
      "Pending WaitingForApproval",
    ]);
  }
});

test("what the registry said of a hint is written down, also while its version runs and when it was left", () => {
  const confirmed = (changes: Parameters<typeof requestOf>[0], situation: Partial<Situation> = {}) => {
    const [step] = steps([requestOf({ trusted: false, ...changes })], situation);
    return step?.type === "write status" ? `${told(step)} ${step.statusUpdate.confirmed}` : told(step);
  };
  const said = (lookup: "found" | "absent") => ({ lookups: new Map([["uid-a", lookup]]) });
  const applied = { appliedAt: "2026-01-01T11:59:00Z" };
  const workload = workloadOf({ image: "app:1.1.0" });
  assert.is(confirmed({ requireApproval: true }, said("found")), "Pending WaitingForApproval True");
  assert.is(confirmed({}, said("absent")), "Failed NotInRegistry False");
  assert.is(confirmed(applied, { workload, readings: found("progressing") }), "Verifying PodsNotUpdated True");
  assert.is(confirmed({}, { workload }), "Completed AlreadyRuns undefined");
  assert.is(confirmed({}, { workload, ...said("absent") }), "Completed AlreadyRuns False");
  const back = ofHistory("app:1.0.0", { rollback: { of: "app:1.1.0", by: "ann", reason: "slow" } });
  assert.is(confirmed(applied, { workload: back }), "RolledBack RolledBack True");
});

test("a version that was applied in the time to come was applied when that was written down, or now", () => {
  const workload = workloadOf({ image: "app:1.1.0" });
  const until = (status: "True" | "False", since: string) => {
    const request = requestOf({ appliedAt: "2026-01-01T13:00:00Z", phase: "Verifying" });
    const applied = { type: "Applied", status, reason: "Applied", message: "", lastTransitionTime: since };
    const conditions = [...request.status?.conditions ?? [], applied];
    const [step] = steps([{ ...request, status: { ...request.status!, conditions } }], {
      workload,
      readings: found("progressing"),
    });
    return step && told(step);
  };
  assert.is(until("True", "2026-01-01T11:59:00Z"), "Verifying PodsNotUpdated");
  assert.is(until("True", "2026-01-01T11:50:00Z"), "Failed NotHealthyInTime");
  assert.is(until("False", "2026-01-01T11:50:00Z"), "Verifying PodsNotUpdated");
  assert.is(until("True", "2026-01-01T14:00:00Z"), "Verifying PodsNotUpdated");
});

test.run();
