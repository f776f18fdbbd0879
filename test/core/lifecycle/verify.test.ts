// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Condition } from "../../../core/requests/update_request.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import { verify } from "../../../core/lifecycle/verify.ts";

const s = suite("verify");

const applied = Date.parse("2026-01-01T12:00:00Z");
/** Seconds after the apply. */
const at = (seconds: number) => new Date(applied + seconds * 1000).toISOString();
const settings = { soak: 30, autoRollback: false, timeout: 300, retries: 3, holdAll: false };
const healthy: HealthReading = { state: "healthy", reason: "Healthy", message: "all is well" };
const crashes: HealthReading = { state: "failing", reason: "CrashLoopBackOff", message: "it crashes" };
const waits: HealthReading = { ...crashes, mayHeal: true };
const under: HealthReading = {
  state: "progressing",
  reason: "PodsNotAvailable",
  message: "not all pods are available yet",
};
/** With a pod that is not ready, and was made so many seconds after the apply. */
const withPodOf = (seconds: number): HealthReading => ({ ...under, unreadyFrom: at(seconds) });
const waiting: HealthReading = { state: "waiting", reason: "NoJobYet", message: "no Job has run yet" };
const gone: HealthReading = { state: "none", reason: "Paused", message: "it is paused" };
const stored = (status: Condition["status"], seconds: number, reason = "Any"): Condition => ({
  type: "Healthy",
  status,
  reason,
  message: "",
  lastTransitionTime: at(seconds),
});

const cases: [what: string, HealthReading, now: number, before: Condition | undefined, is: string][] = [
  ["under way", under, 5, undefined, "wait Unknown PodsNotAvailable 300"],
  ["under way until the deadline", under, 299, stored("Unknown", 5), "wait Unknown PodsNotAvailable 300"],
  ["under way at the deadline", under, 300, stored("Unknown", 5), "failed False NotHealthyInTime"],
  ["healthy at last", healthy, 10, stored("Unknown", 5), "wait True Healthy 40"],
  ["healthy at last, late", healthy, 310, stored("Unknown", 5), "wait True Healthy 340"],
  ["healthy, and soaking", healthy, 39, stored("True", 10), "wait True Healthy 40"],
  ["healthy for long enough", healthy, 40, stored("True", 10), "passed True Healthy"],
  ["healthy, by a clock that was ahead", healthy, 40, stored("True", 100), "wait True Healthy 70"],
  ["failing", crashes, 20, stored("Unknown", 5), "wait False CrashLoopBackOff 40"],
  ["failing again and again", crashes, 40, stored("False", 20), "failed False CrashLoopBackOff"],
  ["failing at the deadline", crashes, 300, stored("Unknown", 5), "failed False CrashLoopBackOff"],
  ["crashing, since it may wait for something", waits, 20, stored("Unknown", 5), "wait False CrashLoopBackOff 300"],
  ["crashing for long", waits, 299, stored("False", 20), "wait False CrashLoopBackOff 300"],
  ["crashing at the deadline", waits, 300, stored("False", 20), "failed False CrashLoopBackOff"],
  ["crashing after it was well for a moment", waits, 20, stored("True", 10), "wait False CrashLoopBackOff 300"],
  ["well after it crashed", healthy, 200, stored("False", 20), "wait True Healthy 230"],
  ["what cannot heal after crashes", crashes, 200, stored("False", 20), "failed False CrashLoopBackOff"],
  ["failing while it soaks", crashes, 20, stored("True", 10), "wait False CrashLoopBackOff 40"],
  ["nothing to see", gone, 20, stored("True", 10), "unseen Unknown Paused"],
  ["nothing has run", waiting, 20, undefined, "wait Unknown NoJobYet 300"],
  ["nothing has run until the deadline", waiting, 300, stored("Unknown", 5), "unseen Unknown NoJobYet"],
  ["a pod of before has lost it", withPodOf(8), 20, stored("True", 10), "wait False ReadinessLost 40"],
  ["it stays lost", withPodOf(8), 40, stored("False", 20, "ReadinessLost"), "failed False ReadinessLost"],
  ["it is back", healthy, 30, stored("False", 20, "ReadinessLost"), "wait True Healthy 60"],
  [
    "its pod was made anew",
    withPodOf(25),
    30,
    stored("False", 20, "ReadinessLost"),
    "wait Unknown PodsNotAvailable 300",
  ],
  ["a pod that was added is on its way", withPodOf(15), 20, stored("True", 10), "wait True Any 340"],
  ["its controller has not looked yet", under, 20, stored("True", 10), "wait True Any 340"],
  ["its pods are not listed yet", { ...waiting, reason: "PodsNotListed" }, 20, stored("True", 10), "wait True Any 340"],
  ["it is on its way for ever", withPodOf(15), 340, stored("True", 10), "failed False NotHealthyInTime"],
  ["a pod that never was ready", withPodOf(3), 20, stored("Unknown", 5), "wait Unknown PodsNotAvailable 300"],
  [
    "a pod that crashed before",
    withPodOf(3),
    20,
    stored("False", 5, "CrashLoopBackOff"),
    "wait Unknown PodsNotAvailable 300",
  ],
];

for (const [what, reading, now, before, is] of cases) {
  s(what, () => {
    const verification = verify({
      reading,
      settings,
      before,
      appliedAt: applied,
      now: applied + now * 1000,
      interval: 10_000,
    });
    const { type, health } = verification;
    const until = verification.type === "wait" ? ` ${(verification.until - applied) / 1000}` : "";
    assert.is(`${type} ${health.status} ${health.reason}${until}`, is);
  });
}

s.run();
