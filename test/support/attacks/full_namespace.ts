import { deployment } from "../../e2e/manifests.ts";
import { eventually } from "../../e2e/suite.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** A namespace that may have no UpdateRequests, with a workload of the victim's image. */
async function beginFullNamespace({ cluster, tenant, victim }: AttackWorld): Promise<string> {
  const name = "full";
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "none", namespace: tenant.namespace },
    spec: { hard: { "count/updaterequests.headwind.sh": "0" } },
  };
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(quota));
  const path = `/api/v1/namespaces/${tenant.namespace}/resourcequotas/none`;
  await eventually("the quota is counted", async () => {
    const { status } = await victim.ns.kube.request<{ status?: { hard?: unknown } }>("GET", path);
    return status?.hard !== undefined;
  });
  const annotations = { "require-approval": "false" };
  await tenant.create(deployment({ name, image: `${victim.repository}:1.0.0`, annotations }));
  return name;
}

/** Once the webhook was answered 503 for ever, so that the registry sent nothing else any more. */
export default { name: "full_namespace", begin: beginFullNamespace } satisfies Attack;
