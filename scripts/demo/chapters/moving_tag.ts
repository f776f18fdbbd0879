import type { Chapter } from "../chapter.ts";
import { tinyImage } from "../../testbed/image.ts";

const version = (content: string) => `edge@${tinyImage(content).top.digest}`;
const before = "preview:edge";
const after = "preview:edge, built again";

const chapter: Chapter = {
  title: "A tag that moves",
  about: "Deployment preview follows the tag edge by policy force: the tag stays, the digest it is pinned to moves on.",
  workloads: [{
    kind: "Deployment",
    name: "preview",
    containers: { app: `preview:${version(before)}` },
    annotations: { policy: "force", "require-approval": "false" },
  }],
  async play(scene) {
    await scene.push("preview:edge", after);
    await scene.request("preview", version(after), "Completed");
  },
  expects: [{
    workload: "preview",
    part: "app",
    runs: version(after),
    verified: true,
    requests: [{ to: version(after), phase: "Completed" }],
    pods: 1,
  }],
};
export default chapter;
