import type { Actor, Chapter } from "../chapter.ts";

const mail: Actor = {
  kind: "Deployment",
  name: "mail",
  containers: { app: "mail:3.1.0" },
  annotations: { policy: "mayor", "require-approval": "false" },
  late: true,
};

const chapter: Chapter = {
  title: "A slip of the pen",
  about: "Deployment mail says policy: mayor. It is left alone, and an Event on it says why.",
  workloads: [mail],
  async play(scene) {
    await scene.create(mail);
    await scene.warned("mail");
    await scene.push("mail:4.0.0");
    await scene.tell("mail", "mail:4.0.0");
  },
  expects: [{
    workload: "mail",
    part: "app",
    runs: "3.1.0",
    requests: [],
    warnings: ["InvalidAnnotation"],
    pods: 1,
  }],
};
export default chapter;
