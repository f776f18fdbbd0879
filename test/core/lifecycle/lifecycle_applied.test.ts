// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Situation } from "../../../core/lifecycle/step.ts";
import { found, ofHistory, steps, told } from "./lifecycle_harness.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("lifecycle, once a version was applied, left or held");

s("what came of the last change is written down before the next one is made, whatever the names say", () => {
  const of = (name: string, container: string, more: RequestChanges) =>
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

s("what the registry said of a hint is written down, also while its version runs and when it was left", () => {
  const confirmed = (changes: RequestChanges, situation: Partial<Situation> = {}) => {
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

s("a version that was applied in the time to come was applied when that was written down, or now", () => {
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

s.run();
