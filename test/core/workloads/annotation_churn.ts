// A workload whose annotations a tenant changes two thousand times, 250,000 characters each: run with a heap that could not keep them.
import { projectWorkload, trimWorkload } from "../../../core/workloads/project.ts";
import type { WorkloadObject } from "../../../core/workloads/workload.ts";
import { readReference } from "../../../core/versions/compare.ts";
import { readHistory } from "../../../core/requests/history.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";

const object = (annotations: Record<string, string>): WorkloadObject => ({
  metadata: { namespace: "shop", name: "web", uid: "u", resourceVersion: "1", annotations },
  ...{ spec: { template: { spec: { containers: [{ name: "app", image: "app:1" }] } } } },
});

const [times, characters] = [2000, 250_000];
for (let index = 0; index < times; index++) {
  const pattern = `${index}-`.padEnd(characters, "x");
  const annotations = { "headwind.sh/pattern": pattern, [`headwind.sh/u${index}`]: "" };
  const { settings } = projectWorkload(
    deployment,
    object({ "headwind.sh/policy": "glob", ...annotations }),
    { pollingInterval: 300 },
  );
  if (settings !== undefined) throw new Error("a pattern that is too long was obeyed");
  const whole = object({ "headwind.sh/policy": "minor", ...annotations });
  projectWorkload(helmrelease, trimWorkload(helmrelease, whole), { pollingInterval: 300 });
  readHistory(pattern);
  readReference(pattern);
}
console.log(`${times} patterns, ${times * characters / 1e6} MB`);
