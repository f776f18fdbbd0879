import { deployment } from "../../e2e/manifests.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** Deployments of no replicas with somebody else's image: three with two pull secrets each that open nothing, and one without any. */
export async function beginBogusLogins({ tenant }: Pick<AttackWorld, "tenant">, image: string): Promise<string[]> {
  const host = image.split("/")[0]!;
  const annotations = { "event-source": "polling", "polling-interval": "1", "require-approval": "false" };
  const names = ["bogus-0", "bogus-1", "bogus-2", "no-login"];
  for (const name of names) {
    const secrets = name === "no-login" ? [] : [`${name}-a`, `${name}-b`];
    for (const secret of secrets) {
      const auth = btoa(`${secret}:nobody-knows`);
      await tenant.create({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: secret },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": JSON.stringify({ auths: { [host]: { auth } } }) },
      } as never);
    }
    const object = deployment({ name, image, annotations });
    const { template } = object.spec as { template: { spec: Record<string, unknown> } };
    template.spec.imagePullSecrets = secrets.map((name) => ({ name }));
    await tenant.create(object);
  }
  return names;
}

/** Once only a few logins of a repository were tried, so that these kept its owner from its updates. */
const attack: Attack = {
  name: "bogus_logins",
  async begin(world) {
    await beginBogusLogins(world, `${world.victim.repository}:1.0.0`);
  },
};
export default attack;
