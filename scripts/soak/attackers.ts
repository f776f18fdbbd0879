import { attachControlPlane } from "../testbed/controlplane.ts";
import { newTenant } from "../../test/e2e/tenancy.ts";
import { namespaceIn } from "../../test/support/test_namespace.ts";
import { allAttacks } from "../../test/support/attacks/all.ts";
import { clusterOf } from "../../test/support/cluster.ts";
import type { Begun, Order } from "./attacking.ts";

/** The thread of the attackers. It begins the attacks of its one order, tells how that went, and goes on until it is ended. */
const thread = self as unknown as {
  onmessage: (event: { data: Order }) => void;
  postMessage(begun: Begun): void;
};

async function attack({ names, kubeconfig, operator, registry, victim: known, secret }: Order): Promise<void> {
  const cluster = clusterOf(await attachControlPlane(kubeconfig));
  const never = new AbortController().signal;
  const victim = { ...known, ns: await namespaceIn(cluster, known.namespace) };
  const attacks = (await allAttacks()).filter(({ name }) => names.includes(name));
  await Promise.all(attacks.map(async ({ name, begin }) => {
    try {
      const tenant = await newTenant(cluster, [], name);
      await begin({ cluster, tenant, victim, operator, registry, secret }, never);
      thread.postMessage({ name });
    } catch (error) {
      thread.postMessage({ name, error: (error as Error).message });
    }
  }));
}

thread.onmessage = ({ data }) => void attack(data);
