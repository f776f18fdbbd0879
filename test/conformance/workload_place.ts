import { createKubeClient, type KubeClient } from "../../core/kube/client.ts";
import { createWorkloadIndex, type WorkloadIndex } from "../../core/workloads/workload_index.ts";
import { createWorkloadInformer, type WorkloadInformer } from "../../core/workloads/informer.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";

/** An API object, as much of it as the checks look at. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; annotations?: Record<string, string>; [field: string]: unknown };
  [field: string]: unknown;
}

/** A fresh namespace of a real cluster, which core watches for one kind of workload. */
export interface WorkloadPlace {
  namespace: string;
  client: KubeClient;
  index: WorkloadIndex;
  source: WorkloadInformer;
  /** Path of the kind's objects in the namespace, or of one. */
  path(name?: string): string;
  create(object: KubeObject): Promise<KubeObject>;
  read(name: string): Promise<KubeObject>;
  /** Removes the namespace and what is in it. */
  close(): Promise<void>;
}

/** Opens one with objects in it that workloads refer to. */
export async function openPlace(
  plugin: WorkloadPlugin,
  kubeconfig: string,
  related: readonly KubeObject[] = [],
): Promise<WorkloadPlace> {
  const connection = await loadKubeConfig({ KUBECONFIG: kubeconfig });
  const client = createKubeClient(connection);
  const namespaces = resourcePath({ group: "", version: "v1", plural: "namespaces" });
  const namespace = `conformance-${crypto.randomUUID().slice(0, 8)}`;
  await client.request("POST", namespaces, { body: { metadata: { name: namespace } } });
  for (const object of related) {
    const kind = plugin.related?.find(({ resource }) => resource.kind === object.kind);
    if (!kind) throw new Error(`the plugin looks at no ${object.kind}`);
    await client.request("POST", resourcePath(kind.resource, namespace), { body: object });
  }
  const index = createWorkloadIndex();
  const source = createWorkloadInformer({
    client,
    plugins: [plugin],
    index,
    namespaces: [namespace],
    project: { pollingInterval: 300 },
    onChange() {},
    onError() {},
  });
  source.start();
  const path = (name?: string) => resourcePath(plugin.resource, namespace, name);
  return {
    namespace,
    client,
    index,
    source,
    path,
    create: (object) => client.request<KubeObject>("POST", path(), { body: object }),
    read: (name) => client.request<KubeObject>("GET", path(name)),
    async close() {
      await source.stop();
      await client.request("DELETE", `${namespaces}/${namespace}`);
      connection.close();
    },
  };
}
