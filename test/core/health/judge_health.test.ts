import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type HealthInputs, judgeHealth } from "../../../core/health/judge_health.ts";
import type { CheckReading, Rollout } from "../../../core/plugin.ts";

const s = suite("reading");

const appliedAt = "2026-01-01T10:00:00.700Z";
const rollout = (state: Rollout["state"], reason = "Any", at?: string): Rollout => ({
  state,
  reason,
  message: `it is ${state}`,
  ...(at ? { at } : {}),
});
const complete = rollout("complete");
const fault = {
  reason: "CrashLoopBackOff",
  message: "pod a: it crashes",
  container: "app",
  rank: 0,
  isFinal: false,
};
const check = (name: string, state: CheckReading["state"]) => ({ name, reading: { state, message: `is ${state}` } });
const [ok, waiting, failing] = [check("a", "ok"), check("b", "waiting"), check("c", "failing")];

const cases: [what: string, Partial<HealthInputs>, is: string][] = [
  ["all is well", {}, "healthy Healthy it is complete"],
  ["nothing to see", { rollout: rollout("none", "Paused") }, "none Paused it is none"],
  [
    "nothing to see, though a pod is at fault",
    { rollout: rollout("none", "Paused"), podsFault: fault },
    "none Paused it is none",
  ],
  ["under way", { rollout: rollout("progressing", "PodsNotUpdated") }, "progressing PodsNotUpdated it is progressing"],
  ["nothing has run", { rollout: rollout("waiting", "NoJobYet") }, "waiting NoJobYet it is waiting"],
  ["given up", { rollout: rollout("failed", "JobFailed") }, "failing JobFailed it is failed"],
  ["a pod is at fault", { podsFault: fault }, "failing CrashLoopBackOff pod a: it crashes"],
  [
    "a pod is at fault under way",
    { podsFault: fault, rollout: rollout("progressing"), podsSynced: false },
    "failing CrashLoopBackOff pod a: it crashes",
  ],
  [
    "a pod says more than the deadline",
    { podsFault: fault, rollout: rollout("failed", "ProgressDeadlineExceeded") },
    "failing CrashLoopBackOff pod a: it crashes",
  ],
  ["pods are not listed", { podsSynced: false }, "waiting PodsNotListed its pods are not listed yet"],
  [
    "pods cannot be listed",
    { podsSynced: false, podsProblem: "403 forbidden" },
    "waiting PodsNotListed its pods are not listed yet: 403 forbidden",
  ],
  ["checks hold", { checks: [ok, ok] }, "healthy Healthy it is complete"],
  ["a check fails", { checks: [ok, waiting, failing] }, "failing CheckFailed check c: is failing"],
  ["a check waits", { checks: [ok, waiting] }, "progressing CheckWaiting check b: is waiting"],
  [
    "a check fails under way",
    { rollout: rollout("progressing"), checks: [failing] },
    "progressing Any it is progressing",
  ],
];
for (const [what, parts, is] of cases) {
  s(what, () => {
    const reading = judgeHealth({
      rollout: complete,
      podsFault: undefined,
      podsSynced: true,
      checks: [],
      appliedAt,
      ...parts,
    });
    assert.is(`${reading.state} ${reading.reason} ${reading.message}`, is);
  });
}

const heals: [what: string, Partial<HealthInputs>, mayHeal: boolean][] = [
  ["a container that crashes", { podsFault: fault }, true],
  ["an image that is not there", { podsFault: { ...fault, isFinal: true } }, false],
  ["a rollout that its controller gave up", { podsFault: fault, rollout: rollout("failed") }, false],
  [
    "one that it gave up before the change",
    { podsFault: fault, rollout: rollout("failed", "Any", "2026-01-01T09:00:00Z") },
    true,
  ],
  ["a check that fails", { checks: [failing] }, false],
];
for (const [what, parts, mayHeal] of heals) {
  s(`${what} ${mayHeal ? "may heal" : "does not heal"}`, () => {
    const whole = { rollout: complete, podsFault: undefined, podsSynced: true, checks: [], appliedAt, ...parts };
    assert.is(judgeHealth(whole).mayHeal ?? false, mayHeal);
  });
}

const times: [at: string, isSince: boolean][] = [
  ["2026-01-01T09:59:59Z", false],
  ["2026-01-01T10:00:00Z", false],
  ["2026-01-01T10:00:01Z", true],
  ["2026-01-01T12:00:00+02:00", false],
  ["2026-01-01T12:00:01+02:00", true],
  ["one day", false],
];
for (const [at, isSince] of times) {
  for (
    const [state, otherwise] of [["complete", "healthy"], ["failed", "failing"], [
      "progressing",
      "progressing",
    ]] as const
  ) {
    s(`${state} at ${at} is ${isSince ? otherwise : "of before the change"}`, () => {
      const parts = { podsFault: undefined, podsSynced: true, checks: [], appliedAt };
      assert.is(judgeHealth({ ...parts, rollout: rollout(state, "Any", at) }).state, isSince ? otherwise : "waiting");
    });
  }
}

s("what is of before the change does not hide what a pod is at fault for", () => {
  const before = rollout("failed", "ProgressDeadlineExceeded", "2026-01-01T09:00:00Z");
  const reading = judgeHealth({ rollout: before, podsFault: fault, podsSynced: true, checks: [], appliedAt });
  assert.is(reading.reason, "CrashLoopBackOff");
});

s("what is not as it should be, and since when, is told while it is under way", () => {
  const parts = { podsFault: undefined, podsSynced: true, podsUnreadyFrom: "2026-01-01T10:00:09Z", appliedAt };
  const from = (rollout: Rollout, checks: HealthInputs["checks"] = []) =>
    judgeHealth({ ...parts, rollout, checks }).unreadyFrom;
  assert.is(from(rollout("progressing")), "2026-01-01T10:00:09Z");
  assert.is(from(complete), undefined);
  assert.is(from(complete, [waiting]), appliedAt);
});

s.run();
