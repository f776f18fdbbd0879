import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "A person says no",
  about:
    "Deployment billing follows major versions. What was rejected is not offered again, however often it is named.",
  workloads: [{
    kind: "Deployment",
    name: "billing",
    containers: { app: "billing:1.9.3" },
    replicas: 2,
    annotations: { policy: "major" },
  }],
  async play(scene) {
    await scene.push("billing:2.0.0");
    const request = await scene.request("billing", "2.0.0", "Pending");
    await scene.reject(request, "bob", "not before the audit");
    await scene.request("billing", "2.0.0", "Rejected");
    await scene.tell("billing", "billing:2.0.0");
  },
  expects: [{
    workload: "billing",
    part: "app",
    runs: "1.9.3",
    requests: [{ to: "2.0.0", phase: "Rejected", by: "bob" }],
    pods: 2,
  }],
};
export default chapter;
