import { pushImage } from "../../../scripts/testbed/push.ts";
import { untilAcknowledged } from "../../e2e/calls.ts";
import { deployment } from "../../e2e/manifests.ts";
import { known } from "../../e2e/fixture.ts";
import type { AttackWorld } from "./attack.ts";

/** A Deployment of the tenant, with these annotations of checks, that is told of its next version, so that its checks are read. */
export async function checkedUpdate(
  { tenant, registry, operator, secret }: AttackWorld,
  name: string,
  annotations: Record<string, string>,
): Promise<void> {
  const path = `${tenant.namespace}/${name}`;
  const image = `${registry.host}/${path}`;
  for (const tag of ["1.0.0", "1.1.0"]) await pushImage(registry.host, path, tag);
  await tenant.create(deployment({
    name,
    image: `${image}:1.0.0`,
    replicas: 1,
    annotations: { "require-approval": "false", "rollback-timeout": "600", ...annotations },
  }));
  await known(operator, `${image}:1.0.0`, 1, secret);
  await untilAcknowledged(operator.webhook, { image, tag: "1.1.0" }, { token: secret });
}
