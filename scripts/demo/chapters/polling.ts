import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "A registry that is asked, not heard",
  about:
    "CronJob report is polled every second and takes any main-* that is newer. It heeds no webhook. It is suspended and runs\n" +
    "by hand, so no Job tells whether the update is good, and that is said.",
  workloads: [{
    kind: "CronJob",
    name: "report",
    containers: { app: "report:main-41" },
    annotations: {
      policy: "glob",
      pattern: "main-*",
      "require-approval": "false",
      "event-source": "polling",
      "polling-interval": "1s",
    },
  }],
  async play(scene) {
    await scene.push("report:main-42");
    await scene.request("report", "main-42", "Completed");
    await scene.ranOnce("report");
  },
  expects: [{
    workload: "report",
    part: "app",
    runs: "main-42",
    requests: [{ to: "main-42", phase: "Completed" }],
    pods: 1,
  }],
};
export default chapter;
