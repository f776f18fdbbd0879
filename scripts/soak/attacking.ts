import type { Tenancy } from "../../test/e2e/tenancy.ts";

/** What the attackers' thread has to know. */
export interface Order {
  /** Of attacks. */
  names: string[];
  kubeconfig: string;
  operator: { webhook: string; api: string; metrics: string };
  registry: { host: string };
  victim: { namespace: string; name: string; repository: string };
  secret: string;
}

/** An attack is under way, or why it is not. */
export interface Begun {
  name: string;
  error?: string;
}

/** Has all these attacks begin in a thread of their own, so that what they cost is not measured as what victims wait. Gives their end. */
export function beginAttacks(
  names: string[],
  { cluster, operator, registry, first, secret }: Tenancy,
  onBegun: (begun: Begun) => void,
): () => void {
  const worker = new Worker(new URL("./attackers.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Begun>) => onBegun(data);
  worker.onerror = (event) => {
    event.preventDefault();
    onBegun({ name: "one of the attacks", error: event.message });
  };
  const order: Order = {
    names,
    kubeconfig: cluster.kubeconfig,
    operator: { webhook: operator.webhook, api: operator.api, metrics: operator.metrics },
    registry: { host: registry.host },
    victim: { namespace: first.ns.namespace, name: first.name, repository: first.repository },
    secret,
  };
  worker.postMessage(order);
  return () => worker.terminate();
}
