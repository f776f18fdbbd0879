import { defineWorkload } from "../../core/plugin.ts";

export default defineWorkload({
  kind: "workload",
  name: "cronjob",
  description: "CronJobs; the next Job runs the new image.",
  resource: { group: "batch", version: "v1", plural: "cronjobs", kind: "CronJob" },
  podTemplate: "/spec/jobTemplate/spec/template",
});
