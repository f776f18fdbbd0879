import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "Nobody has to be asked",
  about: "DaemonSet agent says require-approval: false. Minor versions are applied at once, 2.0.0 is none.",
  workloads: [{
    kind: "DaemonSet",
    name: "agent",
    containers: { app: "agent:1.4.2" },
    annotations: { policy: "minor", "require-approval": "false" },
  }],
  async play(scene) {
    await scene.push("agent:2.0.0");
    await scene.push("agent:1.5.0");
    await scene.request("agent", "1.5.0", "Completed");
  },
  expects: [{
    workload: "agent",
    part: "app",
    runs: "1.5.0",
    verified: true,
    requests: [{ to: "1.5.0", phase: "Completed" }],
    pods: 2,
  }],
};
export default chapter;
