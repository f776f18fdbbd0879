import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "A person approves",
  about: "Deployment web follows new minor versions. Nothing is changed before somebody says so: that is the default.",
  workloads: [{
    kind: "Deployment",
    name: "web",
    containers: { app: "web:1.2.0" },
    replicas: 3,
    annotations: { policy: "minor" },
  }],
  async play(scene) {
    await scene.push("web:1.3.0");
    const request = await scene.request("web", "1.3.0", "Pending");
    await scene.approve(request, "ann@example.com");
    await scene.request("web", "1.3.0", "Completed");
    await scene.rolledOut("web");
  },
  expects: [{
    workload: "web",
    part: "app",
    runs: "1.3.0",
    requests: [{ to: "1.3.0", phase: "Completed", by: "ann@example.com" }],
    pods: 3,
  }],
};
export default chapter;
