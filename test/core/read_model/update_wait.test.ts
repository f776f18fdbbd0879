import { suite } from "uvu";
import * as assert from "uvu/assert";
import { GATES } from "../../../core/lifecycle/gates.ts";
import { PHASES } from "../../../core/requests/phases.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { waitOf, waitsFor } from "../../../core/read_model/update_wait.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("what an update waits for");
const now = Date.parse("2026-01-01T12:00:00Z");
const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);
const waiting = (reason: string, phase: Phase = "Pending") => requestOf({ phase, reason, message: "as it was told" });

s("is what opens the gate of its reason", () => {
  for (const { reason, opensBy } of GATES) assert.is(waitsFor(waiting(reason)), opensBy, reason);
});

s("is the registry, another update, or what nobody here knows", () => {
  assert.is(waitsFor(waiting("NotInRegistryYet")), "registry");
  assert.is(waitsFor(waiting("RegistryUnavailable")), "registry");
  assert.is(waitsFor(waiting("Verifying", "Approved")), "other update");
  assert.is(waitsFor(waiting("SourceNotFound")), "other");
  assert.is(waitsFor(waiting("Approved", "Approved")), "Headwind");
});

s("is nothing where it is finished", () => {
  for (const [phase, { isFinal }] of Object.entries(PHASES)) {
    if (isFinal) assert.is(waitOf(requestOf({ phase: phase as Phase }), workloadOf(), now), undefined, phase);
    else assert.ok(waitOf(requestOf({ phase: phase as Phase }), workloadOf(), now), phase);
  }
});

s("ends when the interval does, as the workload says by now", () => {
  const workload = workloadOf({
    annotations: { "min-update-interval": "1h", "last-update": "2026-01-01T11:30:00.000Z" },
  });
  const wait = waitOf(waiting("IntervalNotElapsed"), workload, now);
  assert.equal(wait?.until, { at: at("12:30:00"), what: "goes on" });
  assert.match(wait!.sentence, /12:30:00/);
  assert.is(waitOf(waiting("IntervalNotElapsed"), workload, at("12:30:00"))?.until, undefined, "it is over");
  assert.is(waitOf(waiting("IntervalNotElapsed"), undefined, now)?.sentence, "as it was told", "the workload is gone");
});

s("ends at the latest when the request expires", () => {
  const request = requestOf({ phase: "Pending", reason: "WaitingForApproval", expiresAt: "2026-01-02T00:00:00Z" });
  assert.is(waitOf(request, workloadOf(), now)?.expiresAt, Date.parse("2026-01-02T00:00:00Z"));
  assert.is(waitOf({ ...request, status: { phase: "Verifying" } }, workloadOf(), now)?.expiresAt, undefined);
});

s("is the workload's health once its version is brought in", () => {
  const annotations = { soak: "60", "rollback-timeout": "600" };
  const request = requestOf({ phase: "Verifying", reason: "Progressing", appliedAt: "2026-01-01T11:59:00Z" });
  assert.equal(waitOf(request, workloadOf({ annotations }), now)?.until, { at: at("12:09:00"), what: "fails" });
  const rollback = workloadOf({ annotations: { ...annotations, "auto-rollback": "true" } });
  assert.is(waitOf(request, rollback, now)?.until?.what, "is taken back");
  const healthy = {
    type: "Healthy",
    status: "True",
    reason: "Healthy",
    message: "",
    lastTransitionTime: "2026-01-01T11:59:30Z",
  } as const;
  const well = requestOf({ phase: "Verifying", appliedAt: "2026-01-01T11:59:00Z", conditions: [healthy] });
  assert.equal(waitOf(well, rollback, now)?.until, { at: at("12:00:30"), what: "is verified" });
});

s.run();
