import type { Chapter } from "../chapter.ts";

const chapter: Chapter = {
  title: "A person goes back, by any tool",
  about:
    "Ann does not like what Headwind did to Deployment blog, and undoes it by plain kubectl. Headwind does not fight her: the\n" +
    "version is held, until she resumes.",
  workloads: [{
    kind: "Deployment",
    name: "blog",
    containers: { app: "blog:1.0.0" },
    replicas: 2,
    annotations: { policy: "minor", "require-approval": "false" },
  }],
  async play(scene) {
    await scene.push("blog:1.1.0");
    await scene.request("blog", "1.1.0", "Completed");
    await scene.types("blog", "ann", "rollout", "undo", "deployment/blog");
    await scene.request("blog", "1.1.0", "Held");
    await scene.tell("blog", "blog:1.1.0");
    await scene.types("blog", "ann", "headwind", "why", "blog");
    await scene.types("blog", "ann", "headwind", "resume", "blog");
    await scene.request("blog", "1.1.0", "Superseded");
    await scene.tell("blog", "blog:1.1.0");
    await scene.request("blog", "1.1.0", "Completed");
  },
  expects: [{
    workload: "blog",
    part: "app",
    runs: "1.1.0",
    verified: true,
    requests: [{ to: "1.1.0", phase: "Completed" }],
    held: ["1.1.0, left by a person, until ann resumed"],
    pods: 2,
  }],
};
export default chapter;
