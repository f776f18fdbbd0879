import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "An init container, approved by kubectl",
  about:
    "StatefulSet orders runs schema before its app, and takes patches only: schema 4.1.0 is left, 4.0.2 is wanted. Ann needs\n" +
    "no API but the cluster's own: kubectl headwind works with her kubeconfig and her rights.",
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
    const { metadata } = await scene.request("orders", "4.0.2", "Pending");
    await scene.types("orders", "ann", "headwind", "approve", metadata.name);
    await scene.request("orders", "4.0.2", "Completed");
  },
  expects: [
    {
      workload: "orders",
      part: "schema",
      runs: "4.0.2",
      verified: true,
      requests: [{ to: "4.0.2", phase: "Completed", by: "ann" }],
      pods: 2,
    },
    { workload: "orders", part: "app", runs: "2.5.0", requests: [], pods: 2 },
  ],
};
export default chapter;
