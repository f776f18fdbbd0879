import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "An init container",
  about:
    "StatefulSet orders runs schema before its app, and takes patches only: schema 4.1.0 is left, 4.0.2 is wanted.",
  workloads: [{
    kind: "StatefulSet",
    name: "orders",
    containers: { app: "orders:2.5.0" },
    initContainers: { schema: "schema:4.0.1" },
    replicas: 2,
    annotations: { policy: "patch" },
  }],
  async play(scene) {
    await scene.push("schema:4.1.0");
    await scene.push("schema:4.0.2");
    const request = await scene.request("orders", "4.0.2", "Pending");
    await scene.approve(request, "ann@example.com");
    await scene.request("orders", "4.0.2", "Completed");
    await scene.rolledOut("orders");
  },
  expects: [
    {
      workload: "orders",
      part: "schema",
      runs: "4.0.2",
      requests: [{ to: "4.0.2", phase: "Completed", by: "ann@example.com" }],
      pods: 2,
    },
    { workload: "orders", part: "app", runs: "2.5.0", requests: [], pods: 2 },
  ],
};
export default chapter;
