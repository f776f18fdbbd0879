import { deployment } from "../../e2e/manifests.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** One Deployment, polled as often as it may be, that names 20,000 pull secrets. */
async function beginManyPullSecrets({ tenant, victim }: AttackWorld): Promise<string> {
  const name = "many-pull-secrets";
  const annotations = { "event-source": "polling", "polling-interval": "1" };
  const object = deployment({ name, image: `${victim.repository}:1.0.0`, annotations });
  const { template } = object.spec as { template: { spec: Record<string, unknown> } };
  template.spec.imagePullSecrets = Array.from({ length: 20_000 }, (_, at) => ({ name: `secret-${at}` }));
  await tenant.create(object);
  return name;
}

/** Once it made 370 GETs of Secrets a second. */
export default { name: "many_pull_secrets", begin: beginManyPullSecrets } satisfies Attack;
