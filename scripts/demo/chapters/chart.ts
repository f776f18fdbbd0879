import type { Chapter, ReleaseActor } from "../chapter.ts";

const portal: ReleaseActor = {
  kind: "HelmRelease",
  name: "portal",
  chart: "portal:1.2.0",
  replicas: 2,
  late: true,
  annotations: { policy: "minor", "auto-rollback": "true", "event-source": "webhook" },
};

const chapter: Chapter = {
  title: "A Helm chart, from push to healthy",
  about:
    "HelmRelease portal takes its chart from the same registry. A chart goes the way of an image: policy, approval, patch.\n" +
    "Then Flux releases it, and it is verified by what Flux says of it. Here a stand-in does what Flux's helm-controller\n" +
    "does: it runs the real helm, and writes the same conditions. Of 1.4.0 no release can be made: it is taken back, with\n" +
    "Flux's own reason, and held. What is newer is offered.",
  workloads: [portal],
  async play(scene) {
    await scene.create(portal);
    await scene.pushChart("portal:1.3.0");
    await scene.approve(await scene.request("portal", "1.3.0", "Pending"), "ann");
    await scene.request("portal", "1.3.0", "Completed");
    await scene.pushChart("portal:1.4.0", { broken: true });
    await scene.approve(await scene.request("portal", "1.4.0", "Pending"), "ann");
    await scene.request("portal", "1.4.0", "RolledBack");
    await scene.pushChart("portal:1.4.1");
    await scene.approve(await scene.request("portal", "1.4.1", "Pending"), "ann");
    await scene.request("portal", "1.4.1", "Completed");
  },
  expects: [{
    workload: "portal",
    part: "chart",
    runs: "1.4.1",
    verified: true,
    requests: [
      { to: "1.3.0", phase: "Completed", by: "ann" },
      { to: "1.4.0", phase: "RolledBack", by: "ann" },
      { to: "1.4.1", phase: "Completed", by: "ann" },
    ],
    held: ["1.4.0, rolled back to 1.3.0"],
    warnings: ["UpdateRolledBack", "UpdateUnhealthy"],
    pods: 2,
  }],
};
export default chapter;
