import { defineWorkload, type Rollout } from "../../core/plugin.ts";

interface CronJob {
  spec?: { suspend?: boolean };
  status?: { active?: unknown[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

export default defineWorkload({
  kind: "workload",
  name: "cronjob",
  description: "CronJobs; the next Job runs the new image.",
  resource: { group: "batch", version: "v1", plural: "cronjobs", kind: "CronJob" },
  podTemplate: "/spec/jobTemplate/spec/template",
  rollout,
});

/** Reads how the Job went that was scheduled last: whether that was after the change, `at` tells. */
function rollout(object: unknown): Rollout {
  const { spec, status } = (object ?? {}) as CronJob;
  if (spec?.suspend === true) return { state: "none", reason: "Suspended", message: "the CronJob is suspended" };
  const at = status?.lastScheduleTime;
  if (typeof at !== "string") return { state: "waiting", reason: "NoJobYet", message: "no Job has run yet" };
  if (Array.isArray(status?.active) && status.active.length > 0) {
    return { state: "progressing", reason: "JobRunning", message: "the Job is running", at };
  }
  const succeeded = status?.lastSuccessfulTime;
  if (typeof succeeded === "string" && Date.parse(succeeded) >= Date.parse(at)) {
    return { state: "complete", reason: "JobSucceeded", message: "the Job succeeded", at };
  }
  return { state: "failed", reason: "JobFailed", message: "the last Job ended without success", at };
}
