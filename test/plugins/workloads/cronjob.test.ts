import { suite } from "uvu";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import { rollouts } from "./rollouts.ts";

const s = suite("rollout of a CronJob");

// Statuses as a control plane of version 1.37 wrote them.
const at = "2026-11-25T22:53:00Z";
const active = [{ kind: "Job", namespace: "default", name: "tick-29927453", apiVersion: "batch/v1" }];

rollouts(s, cronjob, [
  { what: "never run", spec: { suspend: false }, status: {}, is: "waiting NoJobYet" },
  { what: "no status", spec: {}, is: "waiting NoJobYet" },
  { what: "suspended", spec: { suspend: true }, status: { lastScheduleTime: at }, is: "none Suspended" },
  { what: "a Job runs", spec: {}, status: { active, lastScheduleTime: at }, is: "progressing JobRunning", at },
  {
    what: "a Job runs, the one before succeeded",
    spec: {},
    status: { active, lastScheduleTime: at, lastSuccessfulTime: "2026-11-25T22:52:09Z" },
    is: "progressing JobRunning",
    at,
  },
  {
    what: "the last Job succeeded",
    spec: {},
    status: { lastScheduleTime: at, lastSuccessfulTime: "2026-11-25T22:53:01Z" },
    is: "complete JobSucceeded",
    at,
  },
  {
    what: "it succeeded at once",
    spec: {},
    status: { lastScheduleTime: at, lastSuccessfulTime: at },
    is: "complete JobSucceeded",
    at,
  },
  { what: "the first Job failed", spec: {}, status: { active: [], lastScheduleTime: at }, is: "failed JobFailed", at },
  {
    what: "the last Job failed, the one before had succeeded",
    spec: {},
    status: { lastScheduleTime: at, lastSuccessfulTime: "2026-11-25T22:52:09Z" },
    is: "failed JobFailed",
    at,
  },
]);

s.run();
