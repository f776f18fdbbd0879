import type { Operator } from "../support/operator.ts";
import type { Proxy } from "../support/proxy.ts";
import type { TestNamespace } from "../support/test_namespace.ts";
import { type Fixture, openProxiedOperator } from "./fixture.ts";
import { openWorkloads, type TestWorkloads } from "./test_workloads.ts";

/** Workloads whose operator asks the API server through a proxy. */
export interface ProxiedWorkloads {
  fixture: Fixture;
  ns: TestNamespace;
  proxy: Proxy;
  workloads: TestWorkloads;
  /** The one that runs now. */
  operator(): Operator;
  /** Kills it and starts another at the same ports. */
  restart(whileAway?: () => Promise<void>): Promise<void>;
}

/** `name` is the beginning of the namespace's. The fixture's `stop` ends all of it. */
export async function openProxiedWorkloads(name: string): Promise<ProxiedWorkloads> {
  const opened = await openProxiedOperator(name);
  const { fixture, ns, proxy } = opened;
  let operator = opened.operator;
  return {
    fixture,
    ns,
    proxy,
    workloads: openWorkloads(ns, () => operator),
    operator: () => operator,
    async restart(whileAway) {
      operator.kill();
      await whileAway?.();
      operator = await fixture.operator(ns, { kubeconfig: proxy.kubeconfig, ports: operator.ports });
    },
  };
}
