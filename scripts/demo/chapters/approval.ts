import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "A person approves",
  about:
    "Deployment web follows new minor versions. Nothing is changed before somebody says so: that is the default.\n" +
    "Ann may: her service account has the ClusterRole headwind-approver. Eve may edit workloads, and not decide. Both show\n" +
    "the approval API their own tokens, and the API server says who may.",
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
    await scene.isRefused(request, "eve");
    await scene.approve(request, "ann");
    await scene.request("web", "1.3.0", "Completed");
  },
  expects: [{
    workload: "web",
    part: "app",
    runs: "1.3.0",
    verified: true,
    requests: [{ to: "1.3.0", phase: "Completed", by: "ann" }],
    pods: 3,
  }],
};
export default chapter;
