import { deployment } from "../../e2e/manifests.ts";
import { pause } from "../../e2e/suite.ts";
import type { Attack, AttackWorld } from "./attack.ts";
import type { Churning } from "./churning_pattern.ts";

/** As many as fit into the 256 KB that the API server allows. */
const names = 9_700;

/** A Deployment with thousands of annotations of Headwind's prefix that nobody knows, others at each change. */
async function beginUnknownAnnotations({ tenant }: AttackWorld, signal: AbortSignal): Promise<Churning> {
  const name = "unknown";
  let changes = 0;
  const many = () =>
    Object.fromEntries(Array.from({ length: names }, (_, index) => [`headwind.sh/u${changes}-${index}`, ""]));
  const image = "127.0.0.1:1/team/web:1.0.0";
  const object = () => {
    const one = deployment({ name, image, replicas: 0 });
    return { ...one, metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, ...many() } } };
  };
  await tenant.create(object());
  const path = `/apis/apps/v1/namespaces/${tenant.namespace}/deployments/${name}`;
  const churn = async () => {
    while (!signal.aborted) {
      await tenant.kube.request("PUT", path, { body: object() }).then(() => changes++, () => pause(100));
    }
  };
  void churn();
  return { changes: () => changes };
}

export default { name: "unknown_annotations", begin: beginUnknownAnnotations } satisfies Attack;
