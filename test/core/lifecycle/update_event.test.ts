// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reported } from "../../../core/requests/reasons.ts";
import { type Phase, PHASES } from "../../../core/requests/phases.ts";
import type { StatusUpdate } from "../../../core/lifecycle/step.ts";
import { requestEvent, workloadEvent } from "../../../core/lifecycle/update_event.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("Events that tell the story of a request");
const sentence = sentencesOf(s, import.meta.url);
const now = new Date("2026-01-01T12:00:00Z");
type Update = Partial<Omit<StatusUpdate, "reason">> & { phase: Phase; reason?: string };
const told = (request: RequestChanges, { reason = "Because", ...statusUpdate }: Update) =>
  workloadEvent(
    {
      request: requestOf(request),
      statusUpdate: { reason: reported(reason), message: "it is so", ...statusUpdate },
      workload: workloadOf(),
    },
    now,
    "headwind-1",
  );

const bad = { status: "False", reason: "CrashLoopBackOff", message: "back-off" } as const;
const good = { status: "True", reason: "Healthy", message: "all is well" } as const;
const chapters: Record<
  string,
  [before: Phase | undefined, statusUpdate: Update, is: string]
> = {
  "waits": [undefined, { phase: "Pending" }, "Normal UpdatePending"],
  "is approved": ["Pending", { phase: "Approved" }, "Normal UpdateApproved"],
  "is applied": ["Approved", { phase: "Verifying" }, "Normal UpdateApplied"],
  "is applied and healthy": ["Verifying", { phase: "Verifying", health: good }, "Normal UpdateApplied"],
  "is not healthy": ["Verifying", { phase: "Verifying", health: bad }, "Warning UpdateUnhealthy"],
  "is verified": ["Verifying", { phase: "Completed", reason: "Verified" }, "Normal UpdateVerified"],
  "cannot be verified": ["Verifying", { phase: "Completed", reason: "Paused" }, "Normal UpdateCompleted"],
  "was there already": ["Pending", { phase: "Completed", reason: "AlreadyRuns" }, "Normal UpdateApplied"],
  "has failed": ["Verifying", { phase: "Failed" }, "Warning UpdateFailed"],
  "is rolled back": ["Verifying", { phase: "RolledBack" }, "Warning UpdateRolledBack"],
  "is held": ["Completed", { phase: "Held" }, "Normal UpdateHeld"],
  "is rejected": ["Pending", { phase: "Rejected" }, "Normal UpdateRejected"],
  "gave way": ["Pending", { phase: "Superseded" }, "Normal UpdateSuperseded"],
  "has expired": ["Pending", { phase: "Expired" }, "Normal UpdateExpired"],
};
for (const [what, [before, statusUpdate, is]] of Object.entries(chapters)) {
  s(`${what}: ${is}`, () => {
    const { type, reason, message } = told(before ? { phase: before } : {}, statusUpdate);
    assert.is(`${type} ${reason}`, is);
    sentence(what, message);
  });
}

s("every phase has an Event", () => {
  for (const { event: { reason } } of Object.values(PHASES)) assert.match(reason, /^Update[A-Z]/);
});

s("an apply says who wanted it and who approved, everything else what has come of it", () => {
  const decision = { approved: true, by: "ann" };
  const applied = { phase: "Verifying" } as const;
  sentence("applied", told({}, applied).message);
  sentence("applied, and approved", told({ decision }, applied).message);
  sentence("applied, and made by hand", told({ sighting: undefined }, applied).message);
  sentence("applied, and made by hand by ann", told({ sighting: undefined, madeBy: "ann" }, applied).message);
  sentence("failed", told({}, { phase: "Failed" }).message);
});

s("the apply is told once, however the workload is found after it; each other step once", () => {
  const name = (...given: Parameters<typeof told>) => told(...given).metadata.name;
  const applied = name({}, { phase: "Verifying", reason: "PodsNotUpdated" });
  assert.is(name({ phase: "Verifying" }, { phase: "Verifying", reason: "Healthy", health: good }), applied);
  assert.is(name({}, { phase: "Completed", reason: "Applied" }), applied);
  const unhealthy = name({}, { phase: "Verifying", reason: "CrashLoopBackOff", health: bad });
  assert.is.not(unhealthy, applied);
  assert.is(name({ phase: "Verifying" }, { phase: "Verifying", reason: "CrashLoopBackOff", health: bad }), unhealthy);
  assert.is.not(name({}, { phase: "Verifying", reason: "ErrImagePull", health: bad }), unhealthy);
  assert.is.not(name({ name: "b" }, { phase: "Verifying" }), applied);
});

s("the same is told on the request itself, whose name it need not say", () => {
  const outcome = {
    request: requestOf({ phase: "Verifying" }),
    statusUpdate: { phase: "Failed", reason: reported("Because"), message: "it is so" } as const,
    workload: workloadOf(),
  };
  const event = requestEvent(outcome, now, "headwind-1");
  assert.equal(event.involvedObject, {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    namespace: "default",
    name: "a",
    uid: outcome.request.metadata.uid,
  });
  assert.equal([event.type, event.reason], ["Warning", "UpdateFailed"]);
  sentence("failed, on the request itself", event.message);
  assert.is.not(event.metadata.name, workloadEvent(outcome, now, "headwind-1").metadata.name);
  const applied = requestEvent(
    { ...outcome, statusUpdate: { ...outcome.statusUpdate, phase: "Verifying" } },
    now,
    "headwind-1",
  );
  sentence("applied, on the request itself", applied.message);
});

s.run();
