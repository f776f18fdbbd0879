import { defineWorkload } from "../../core/plugin.ts";

export default defineWorkload({
  kind: "workload",
  name: "deployment",
  description: "Deployments.",
  resource: { group: "apps", version: "v1", plural: "deployments", kind: "Deployment" },
  podTemplate: "/spec/template",
});
