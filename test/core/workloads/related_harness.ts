import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cluster, cluster } from "../../support/cluster.ts";
import { createKubeClient } from "../../../core/kube/client.ts";
import { createRelatedObjects, type RelatedObjects } from "../../../core/workloads/related_objects.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { installFluxCrds } from "../../../scripts/testbed/flux/install_crds.ts";
import type { KubeObject } from "../../e2e/manifests.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { createNamespace, type TestNamespace } from "../../support/test_namespace.ts";
import { type Proxy, startProxy, until } from "../kube/proxy.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";

let plane: Cluster;
let ns: TestNamespace;

/** The control plane, and a namespace in it, of the file that runs. */
export async function open(): Promise<TestNamespace> {
  plane = await cluster();
  await installFluxCrds(plane);
  return ns = await createNamespace(plane, "related");
}
export async function close(): Promise<void> {
  ns.close();
  await plane.stop();
}
export const elsewhere = (): Promise<TestNamespace> => createNamespace(plane, "elsewhere");

const ends: (() => unknown)[] = [];
/** Ends what a test has begun. */
export async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

export const apiVersion = "source.toolkit.fluxcd.io/v1";
export const repository = (name: string, url = "https://charts.example.com", annotations = {}): KubeObject =>
  ({ apiVersion, kind: "HelmRepository", metadata: { name, annotations }, spec: { url } }) as unknown as KubeObject;
export const reference = (name: string, namespace = ns.namespace) => ({
  apiVersion,
  kind: "HelmRepository",
  namespace,
  name,
});

export interface Followed {
  related: RelatedObjects;
  proxy: Proxy;
  /** Who was told, in order. */
  told: string[];
  errors: string[];
  url(name: string, namespace?: string): unknown;
}

/** Asks again for whoever is told, as core does. */
export async function followed(
  change: { namespaces?: string[]; plugins?: WorkloadPlugin[]; rule?: Proxy["rule"] } = {},
): Promise<Followed> {
  const proxy = await startProxy(plane.kubeconfig);
  proxy.rule = change.rule;
  const path = join(plane.dir, `related-${crypto.randomUUID()}`);
  await writeFile(path, proxy.kubeconfig);
  const connection = await loadKubeConfig({ KUBECONFIG: path });
  const told: string[] = [];
  const errors: string[] = [];
  const looked = new Map<string, Parameters<RelatedObjects["find"]>[0]>();
  const related = createRelatedObjects({
    client: createKubeClient(connection),
    plugins: change.plugins ?? [helmrelease],
    namespaces: change.namespaces ?? [ns.namespace],
    onChange(dependents) {
      for (const dependent of dependents) {
        told.push(dependent);
        if (told.length > 1000) throw new Error("it is told for ever");
        related.forget(dependent);
        related.find(looked.get(dependent)!, dependent);
      }
    },
    onError: (error, resource) => void errors.push(`${resource}: ${error.message}`),
  });
  ends.push(() => proxy.close(), () => connection.close(), () => related.stop());
  const find: RelatedObjects["find"] = (reference, dependent) => {
    looked.set(dependent, reference);
    return related.find(reference, dependent);
  };
  related.start();
  return {
    related: { ...related, find },
    proxy,
    told,
    errors,
    url(name, namespace) {
      const found = find(reference(name, namespace), `by-${name}`);
      return "object" in found ? (found.object as { spec: { url: string } }).spec.url : found;
    },
  };
}
export const quiet = (told: string[]) =>
  until("it is quiet", async () => {
    const before = told.length;
    await new Promise((done) => setTimeout(done, 300));
    return told.length === before;
  });
