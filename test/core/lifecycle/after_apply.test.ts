// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { appliedAt, heldStatus, stepAfterLeft, stepWhileRunning } from "../../../core/lifecycle/after_apply.ts";
import type { Condition, UpdateRequest } from "../../../core/requests/update_request.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import type { Hold } from "../../../core/requests/holds.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import type { Step } from "../../../core/lifecycle/step.ts";
import { type RequestChanges, requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";
import { hasStatus, statusOf } from "../../../core/lifecycle/status.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("what follows once a version was brought in");
const sentence = sentencesOf(s, import.meta.url);
/** Seconds after the change. */
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const healthy: HealthReading = { state: "healthy", reason: "Healthy", message: "all pods are available" };
const failing: HealthReading = { state: "failing", reason: "CrashLoopBackOff", message: "pod web-1: back-off" };
const stood = (status: Condition["status"], seconds: number): Condition => ({
  type: "Healthy",
  status,
  reason: "",
  message: "",
  lastTransitionTime: at(seconds),
});

interface Given {
  request?: RequestChanges;
  healthy?: Condition;
  runs?: string;
  history?: (Partial<HistoryEntry> | undefined)[];
  held?: Partial<Hold>[];
  annotations?: Record<string, string>;
  reading?: HealthReading;
  /** Seconds after the change. */
  now?: number;
}

/** The change that brought `app:1.1.0` in. */
const own: Partial<HistoryEntry> = { previousImage: "app:1.0.0", updateRequestUid: "uid-a", updateRequestName: "a" };

function inputOf({ request: changes, runs = "app:1.1.0", history = [own], held = [], reading, ...given }: Given) {
  const request = requestOf({ phase: "Verifying", appliedAt: at(0), ...changes });
  if (given.healthy) request.status = { ...request.status, conditions: [given.healthy] };
  const workload = workloadOf({
    image: runs,
    history: history.map((entry) => ({ image: "app:1.1.0", timestamp: at(0), ...entry })),
    held: held.map((hold) => ({ at: at(60), ...hold })),
    ...(given.annotations ? { annotations: given.annotations } : {}),
  });
  const now = Date.parse(at(given.now ?? 100));
  const [slot] = workload.slots;
  return { request, requests: [request], workload, slots: [slot!] as const, now, reading, readingInterval: 10_000 };
}

/** A replica whose clock is an hour ahead applied it and saw it so, and is gone. What another does, a look after the other. */
function lookedAt(reading: HealthReading, seconds: number[]): string[] {
  const hour = 3600;
  const input = inputOf({ history: [{ ...own, timestamp: at(hour) }], reading, annotations: { soak: "30" } });
  const before: Condition = { ...stood(reading.state === "healthy" ? "True" : "False", hour + 5) };
  const conditions = [before, { ...before, type: "Applied", status: "True" as const, lastTransitionTime: at(hour) }];
  let request: UpdateRequest = {
    ...input.request,
    status: { ...input.request.status, appliedAt: at(hour), conditions },
  };
  return seconds.map((second) => {
    const step = stepWhileRunning({ ...input, request, now: Date.parse(at(second)) });
    if (step.type !== "write status") return step.type;
    if (!hasStatus(request, step.statusUpdate)) {
      request = { ...request, status: statusOf(request, step.statusUpdate, new Date(at(second)), false) };
    }
    return step.statusUpdate.phase;
  });
}

s("a clock that was an hour ahead makes a soak no longer than itself, and neither the time to become healthy", () => {
  assert.equal(lookedAt(healthy, [10, 12, 39, 40]), ["Verifying", "Verifying", "Verifying", "mark verified"]);
  const crashes: HealthReading = { ...failing, mayHeal: true };
  assert.equal(lookedAt(crashes, [10, 12, 309, 310]), ["Verifying", "Verifying", "Verifying", "Failed"]);
  assert.equal(lookedAt(failing, [10, 12, 29, 30]), ["Verifying", "Verifying", "Verifying", "Failed"]);
});

s("a clock that steps back by an hour while it soaks costs the time until then, and no more", () => {
  assert.equal(lookedAt(healthy, [3606, 20, 49, 50]), ["Verifying", "Verifying", "Verifying", "mark verified"]);
});

function isTold(what: string, step: Step | undefined, is: string): void {
  if (step?.type === "roll back") {
    assert.is(`roll back to ${step.moves[0].image}`, is);
    sentence(what, step.reason);
  } else if (step?.type === "hold") {
    const [{ image, at, reason }] = step.holds;
    assert.is(`hold ${image} since ${at}`, is);
    sentence(what, reason);
  } else if (step?.type === "write status") {
    const { phase, reason, message } = step.statusUpdate;
    assert.is(`${phase} ${reason}`, is);
    sentence(what, message);
  } else assert.is(step?.type ?? "nothing", is);
}

const rollsBack = { "auto-rollback": "true" };
const failed = { reading: failing, healthy: stood("False", 10) };
const running: Record<string, [given: Given, is: string]> = {
  "read first": [{}, "read health"],
  "somebody else brought it in": [{ request: { appliedAt: "" }, history: [] }, "Completed AlreadyRuns"],
  "it was held, and a person brought it in again": [{ request: { phase: "Held" } }, "Completed AlreadyRuns"],
  "healthy, and not for long": [{ reading: healthy }, "Verifying Healthy"],
  "healthy for the soak time": [{ reading: healthy, healthy: stood("True", 70) }, "mark verified"],
  "marked as verified, which a kill kept from being written down": [
    { history: [{ ...own, verified: true }] },
    "Completed Verified",
  ],
  "verified, and its change is not the last": [
    { reading: healthy, healthy: stood("True", 70), history: [{ image: "app:1.2.0" }, own] },
    "Completed Verified",
  ],
  "a soak time of its own": [
    { reading: healthy, healthy: stood("True", 70), annotations: { soak: "1m" } },
    "Verifying Healthy",
  ],
  "a soak time that cannot be read is said": [{ reading: healthy, annotations: { soak: "soon" } }, "Verifying Healthy"],
  "nothing can be seen": [
    { reading: { state: "none", reason: "Paused", message: "the Deployment is paused" } },
    "Completed Paused",
  ],
  "failing, for the first time": [{ reading: failing }, "Verifying CrashLoopBackOff"],
  "failed, and to be left": [failed, "Failed CrashLoopBackOff"],
  "failed, and to be taken back": [{ ...failed, annotations: rollsBack }, "roll back to app:1.0.0"],
  "failed, with nothing to go back to": [
    { ...failed, annotations: rollsBack, history: [{ updateRequestUid: "uid-a" }] },
    "Failed NoRollbackTarget",
  ],
  "failed, with a history of nonsense": [
    { ...failed, annotations: { ...rollsBack, "update-history": "what?" } },
    "Failed NoRollbackTarget",
  ],
  "failed, after a person brought it back from a later one": [
    { ...failed, annotations: rollsBack, history: [{ image: "app:1.2.0", previousImage: "app:1.1.0" }, own] },
    "Failed NoRollbackTarget",
  ],
};
for (const [what, [given, is]] of Object.entries(running)) {
  s(`while it runs: ${what}`, () => isTold(what, stepWhileRunning(inputOf(given)), is));
}

const completed: RequestChanges = { phase: "Completed" };
const rollback = { of: "app:1.1.0", by: "headwind", reason: "pod web-1: back-off" };
const back = { image: "app:1.0.0", previousImage: "app:1.1.0", timestamp: at(60), rollback };
const leftBehind: Record<string, [given: Given, is: string]> = {
  "rolled back": [{ history: [back, own] }, "RolledBack RolledBack"],
  "done, and rolled back by a person": [
    { request: completed, history: [{ ...back, rollback: { ...rollback, by: "ann", reason: "slow" } }, own] },
    "RolledBack RolledBack",
  ],
  "moved back": [{}, `hold app:1.1.0 since ${at(100)}`],
  "moved back, by a clock that is slow": [{ now: -5 }, `hold app:1.1.0 since ${at(0)}`],
  "done, and moved back": [{ request: completed }, `hold app:1.1.0 since ${at(100)}`],
  "moved back, which is written down": [
    { held: [{ image: "app:1.1.0", by: "person", reason: "app was moved back to app:1.0.0" }] },
    "Held VersionHeld",
  ],
  "done, and held": [{ request: completed, held: [{ image: "app:1.1.0" }] }, "Held VersionHeld"],
  "done, and another version is held": [
    { request: completed, history: [], held: [{ image: "app:1.1.0", resumedAt: at(70) }, { image: "app:1.3.0" }] },
    "nothing",
  ],
  "held, and let go": [
    { request: { phase: "Held" }, held: [{ image: "app:1.1.0", resumedAt: at(70) }] },
    "Superseded Resumed",
  ],
  "moved up before it was verified": [{ runs: "app:1.2.0" }, "Superseded Moved"],
  "done, and moved up": [{ request: completed, runs: "app:1.2.0" }, "nothing"],
};
for (const [what, [given, is]] of Object.entries(leftBehind)) {
  const input = inputOf({ runs: "app:1.0.0", ...given });
  s(`after it was left: ${what}`, () => isTold(what, stepAfterLeft(input), is));
}

s("when it was applied is told by the history of its own uid, and else by its status", () => {
  const { request, workload } = inputOf({ request: { appliedAt: at(-5) } });
  assert.is(appliedAt(request, workload), at(0));
  const anew = { ...request, metadata: { ...request.metadata, uid: "uid-b" } };
  assert.is(appliedAt(anew, workload), at(-5));
  assert.is(appliedAt({ ...anew, status: {} }, workload), undefined);
});

s("every standing of what was applied says when that was", () => {
  for (const [given] of [...Object.values(running), ...Object.values(leftBehind)]) {
    const input = inputOf(given);
    const step = input.slots[0].current === "app:1.1.0" ? stepWhileRunning(input) : stepAfterLeft(input);
    const isOurs = given.request?.appliedAt !== "";
    if (step?.type === "write status") assert.is(step.statusUpdate.appliedAt, isOurs ? at(0) : undefined);
  }
});

s("who holds a version is named, but for a person of whom nothing is known", () => {
  sentence("held by ann", heldStatus("app:1.1.0", { by: "ann", reason: "slow" }).message);
  sentence("held by a person", heldStatus("app:1.1.0", { by: "person", reason: "moved" }).message);
});

s.run();
