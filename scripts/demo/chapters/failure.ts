import type { Chapter } from "../chapter.ts";
import { FAULTS } from "../../testbed/stages.ts";

const broken = `2.4.${FAULTS.unpullable}`;

const chapter: Chapter = {
  title: "An update that fails goes back",
  about:
    `Deployment cart says auto-rollback: true. 2.4.0 is verified; no node can pull ${broken}: it goes back to 2.4.0, and ${broken} is\n` +
    "held: whoever names it again, it is not offered. What is newer is.",
  workloads: [{
    kind: "Deployment",
    name: "cart",
    containers: { app: "cart:2.3.0" },
    replicas: 2,
    annotations: { policy: "minor", "require-approval": "false", "auto-rollback": "true" },
  }],
  async play(scene) {
    await scene.push("cart:2.4.0");
    await scene.request("cart", "2.4.0", "Completed");
    await scene.push(`cart:${broken}`);
    await scene.request("cart", broken, "RolledBack");
    await scene.push(`cart:${broken}`);
    await scene.tell("cart", `cart:${broken}`);
    await scene.rolledOut("cart");
    await scene.push("cart:2.5.0");
    await scene.request("cart", "2.5.0", "Completed");
  },
  expects: [{
    workload: "cart",
    part: "app",
    runs: "2.5.0",
    verified: true,
    requests: [
      { to: "2.4.0", phase: "Completed" },
      { to: broken, phase: "RolledBack" },
      { to: "2.5.0", phase: "Completed" },
    ],
    held: [`${broken}, rolled back to 2.4.0`],
    warnings: ["UpdateRolledBack", "UpdateUnhealthy"],
    pods: 2,
  }],
};
export default chapter;
