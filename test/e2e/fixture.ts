import { join } from "node:path";
import type { Registry, RegistryOptions } from "../../scripts/testbed/registry.ts";
import { type Cluster, cluster, type ClusterOptions } from "../support/cluster.ts";
import { type Operator, type OperatorOptions, startOperator } from "../support/operator.ts";
import { type Proxy, proxyBefore } from "../support/proxy.ts";
import { registry } from "../support/registry.ts";
import { webhook } from "./calls.ts";
import { createNamespace, type TestNamespace } from "../support/test_namespace.ts";
import { eventually } from "./suite.ts";

/** What a file of tests works with. All that it starts ends with `stop`. */
export interface Fixture {
  cluster: Cluster;
  /** A namespace of its own. */
  namespace(): Promise<TestNamespace>;
  proxy(): Promise<Proxy>;
  registry(options?: RegistryOptions): Promise<Registry>;
  /** Starts an operator and waits until it is ready. It asks the API server itself unless a kubeconfig is named. */
  operator(ns: TestNamespace, options?: Partial<OperatorOptions>): Promise<Operator>;
  stop(): Promise<void>;
}

/** Proves a webhook in all tests that do not say otherwise. */
export const token = "a-secret-of-the-tests";

export async function openFixture(name: string, options: ClusterOptions = {}): Promise<Fixture> {
  const plane = await cluster(options);
  const ends: (() => unknown)[] = [];
  let proxies = 0;
  return {
    cluster: plane,
    async namespace() {
      const ns = await createNamespace(plane, name);
      ends.unshift(() => ns.close());
      return ns;
    },
    async proxy() {
      const proxy = await proxyBefore(plane.kubeconfig, join(plane.dir, `${name}-${proxies++}.kubeconfig`));
      ends.unshift(() => proxy.stop());
      return proxy;
    },
    async registry(registryOptions) {
      const images = await registry(registryOptions);
      ends.unshift(() => images.stop());
      return images;
    },
    async operator({ namespace }, operatorOptions = {}) {
      const started = await startOperator({
        kubeconfig: plane.kubeconfig,
        namespaces: [namespace],
        secret: token,
        ...operatorOptions,
      });
      ends.unshift(() => started.end());
      await started.ready();
      return started;
    },
    async stop() {
      for (const end of ends) await end();
      await plane.stop();
    },
  };
}

/** A fixture with one namespace and an operator that watches it. */
export interface OperatorFixture {
  fixture: Fixture;
  ns: TestNamespace;
  operator: Operator;
}

export async function openOperator(name: string): Promise<OperatorFixture> {
  const fixture = await openFixture(name);
  return await orStop(fixture, async () => {
    const ns = await fixture.namespace();
    return { fixture, ns, operator: await fixture.operator(ns) };
  });
}

/** The same with an operator that asks the API server through a proxy. */
export async function openProxiedOperator(name: string): Promise<OperatorFixture & { proxy: Proxy }> {
  const fixture = await openFixture(name);
  return await orStop(fixture, async () => {
    const [ns, proxy] = await Promise.all([fixture.namespace(), fixture.proxy()]);
    return { fixture, ns, proxy, operator: await fixture.operator(ns, { kubeconfig: proxy.kubeconfig }) };
  });
}

async function orStop<T>(fixture: Fixture, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await fixture.stop();
    throw error;
  }
}

/** Waits until the operator's index has so many containers of an image: its own version is told of, which nobody wants. */
export async function known(
  operator: Pick<Operator, "webhook">,
  image: string,
  containers = 1,
  proof: string | undefined = token,
) {
  const [, repository, tag] = /^(.*):([^:]+)$/.exec(image)!;
  await eventually(`the operator knows ${containers} containers of ${repository}`, async () => {
    const { body } = await webhook(operator.webhook, { image: repository, tag }, proof ? { token: proof } : {});
    return body.matched === containers;
  });
}
