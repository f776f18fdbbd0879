import { untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { e2e, eventually } from "./suite.ts";

const s = e2e("a tenant who takes the operator's right away in their own namespace");
let fixture: Fixture;

s.before(async () => void (fixture = await openFixture("rights")));
s.after(() => fixture.stop());

s("is served no more, and keeps no other from it: the operator starts, and updates the others", async () => {
  const { cluster } = fixture;
  const [tenant, victim] = [await fixture.namespace(), await fixture.namespace()];
  const account = await cluster.serviceAccountDir(victim.namespace, "operator");
  const bind = (name: string, namespace: string, role: string) =>
    cluster.kubectl([
      ...["create", "rolebinding", name, "-n", namespace, `--clusterrole=${role}`],
      `--serviceaccount=${victim.namespace}:operator`,
    ]);
  await bind("headwind", victim.namespace, "headwind");
  await bind("lease", victim.namespace, "admin");
  const { hostname, port } = new URL(cluster.url);
  const operator = await fixture.operator(victim, {
    kubeconfig: "",
    namespaces: [victim.namespace, tenant.namespace],
    env: {
      HEADWIND_SERVICE_ACCOUNT_DIR: account,
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      HEADWIND_LEASE_NAMESPACE: victim.namespace,
    },
  });
  const image = (tag: string) => `registry.example/rights:${tag}`;
  const annotations = { "require-approval": "false" };
  for (const ns of [victim, tenant]) {
    await ns.create(deployment({ name: "web", image: image("1.0.0"), annotations }));
  }
  await known(operator, image("1.0.0"));
  await untilAcknowledged(operator.webhook, { image: "registry.example/rights", tag: "1.1.0" }, { token });
  const runs = async (ns: typeof victim) => (await ns.images("Deployment", "web")).app;
  await eventually("the victim is updated", async () => await runs(victim) === image("1.1.0"));
  await bind("headwind", tenant.namespace, "headwind");
  await eventually("the tenant is served once the right is back", async () => {
    await untilAcknowledged(operator.webhook, { image: "registry.example/rights", tag: "1.1.0" }, { token });
    return await runs(tenant) === image("1.1.0");
  });
});

s.run();
