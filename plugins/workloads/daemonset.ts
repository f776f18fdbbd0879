import { defineWorkload } from "../../core/plugin.ts";

export default defineWorkload({
  kind: "workload",
  name: "daemonset",
  description: "DaemonSets.",
  resource: { group: "apps", version: "v1", plural: "daemonsets", kind: "DaemonSet" },
  podTemplate: "/spec/template",
});
