import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "What is left waiting",
  about:
    "Deployment store waits for ann, on the dashboard. Deployment ledger is changed at most once an hour: of two versions the\n" +
    "second waits until then. Nobody has said anything of either.",
  workloads: [{
    kind: "Deployment",
    name: "store",
    containers: { app: "store:2.0.0" },
    replicas: 2,
    annotations: { policy: "minor" },
  }, {
    kind: "Deployment",
    name: "ledger",
    containers: { app: "ledger:4.1.0" },
    annotations: { policy: "patch", "require-approval": "false", "min-update-interval": "1h" },
  }],
  async play(scene) {
    await scene.push("store:2.1.0");
    await scene.request("store", "2.1.0", "Pending");
    await scene.push("ledger:4.1.1");
    await scene.request("ledger", "4.1.1", "Completed");
    await scene.push("ledger:4.1.2");
    await scene.request("ledger", "4.1.2", "Pending");
  },
  expects: [{
    workload: "store",
    part: "app",
    runs: "2.0.0",
    requests: [{ to: "2.1.0", phase: "Pending" }],
    pods: 2,
  }, {
    workload: "ledger",
    part: "app",
    runs: "4.1.1",
    verified: true,
    requests: [{ to: "4.1.1", phase: "Completed" }, { to: "4.1.2", phase: "Pending" }],
    pods: 1,
  }],
};
export default chapter;
