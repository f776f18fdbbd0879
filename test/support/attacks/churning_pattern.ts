import { deployment } from "../../e2e/manifests.ts";
import { pause } from "../../e2e/suite.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** How far it has come. */
export interface Churning {
  changes(): number;
}

const characters = 250_000;

/** One Deployment whose `headwind.sh/pattern`, of 250 KB, changes as fast as the API server takes it. */
async function beginChurningPattern({ tenant }: AttackWorld, signal: AbortSignal): Promise<Churning> {
  const name = "churning";
  let changes = 0;
  const pattern = () => `${changes}-`.padEnd(characters, "main-*");
  const annotations = { policy: "glob", pattern: pattern() };
  await tenant.create(deployment({ name, image: "127.0.0.1:1/team/web:1.0.0", replicas: 0, annotations }));
  const change = () =>
    tenant.change("Deployment", name, { metadata: { annotations: { "headwind.sh/pattern": pattern() } } });
  const churn = async () => {
    while (!signal.aborted) await change().then(() => changes++, () => pause(100));
  };
  void churn();
  return { changes: () => changes };
}

export default { name: "churning_pattern", begin: beginChurningPattern } satisfies Attack;
