import { defineWorkload } from "../../core/plugin.ts";

export default defineWorkload({
  kind: "workload",
  name: "statefulset",
  description: "StatefulSets.",
  resource: { group: "apps", version: "v1", plural: "statefulsets", kind: "StatefulSet" },
  podTemplate: "/spec/template",
});
