import { suite } from "uvu";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a CronJob");

// Statuses as a control plane of version 1.37 wrote them.
const at = "2026-11-25T22:53:00Z";
const before = "2026-11-25T22:52:09Z";
const active = [{ kind: "Job", namespace: "default", name: "tick-29927453", apiVersion: "batch/v1" }];

// deno-fmt-ignore
rollouts(s, cronjob, [
  ["never run", { suspend: false }, {}, "waiting NoJobYet"],
  ["no status", {}, undefined, "waiting NoJobYet"],
  ["suspended", { suspend: true }, { lastScheduleTime: at }, "none Suspended"],
  ["a Job runs", {}, { active, lastScheduleTime: at }, "progressing JobRunning", { at }],
  ["a Job runs, the one before succeeded", {}, { active, lastScheduleTime: at, lastSuccessfulTime: before },
    "progressing JobRunning", { at }],
  ["the last Job succeeded", {}, { lastScheduleTime: at, lastSuccessfulTime: "2026-11-25T22:53:01Z" },
    "complete JobSucceeded", { at }],
  ["it succeeded at once", {}, { lastScheduleTime: at, lastSuccessfulTime: at }, "complete JobSucceeded", { at }],
  ["the first Job failed", {}, { active: [], lastScheduleTime: at }, "failed JobFailed", { at }],
  ["the last Job failed, the one before had succeeded", {}, { lastScheduleTime: at, lastSuccessfulTime: before },
    "failed JobFailed", { at }],
]);

s.run();
