import { createKubeClient, type KubeClient } from "../../core/kube/client.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import type { UpdateRequest } from "../../core/updates/update_request.ts";
import type { Cluster } from "../support/cluster.ts";
import { containersOf, type KubeObject, type WorkloadKind } from "./manifests.ts";

/** One namespace of a real cluster, as an admin sees it, past any proxy. */
export interface Place {
  namespace: string;
  kube: KubeClient;
  create(object: KubeObject): Promise<KubeObject>;
  workload(kind: WorkloadKind, name: string): Promise<KubeObject>;
  /** From container to image. */
  images(kind: WorkloadKind, name: string): Promise<Record<string, string>>;
  workloads(): Promise<KubeObject[]>;
  /** A merge patch. */
  change(kind: WorkloadKind, name: string, body: unknown): Promise<KubeObject>;
  remove(object: KubeObject): Promise<void>;
  requests(): Promise<UpdateRequest[]>;
  close(): void;
}

interface List<T> {
  items: T[];
}
const plurals: Record<string, string> = {
  Deployment: "apps/v1/namespaces/NS/deployments",
  StatefulSet: "apps/v1/namespaces/NS/statefulsets",
  DaemonSet: "apps/v1/namespaces/NS/daemonsets",
  CronJob: "batch/v1/namespaces/NS/cronjobs",
  Job: "batch/v1/namespaces/NS/jobs",
  UpdateRequest: "headwind.sh/v1alpha1/namespaces/NS/updaterequests",
};

/** A new namespace of the cluster. */
export async function newPlace(cluster: Cluster, prefix?: string): Promise<Place> {
  const namespace = await cluster.namespace(prefix);
  const connection = await loadKubeConfig({ KUBECONFIG: cluster.kubeconfig });
  const kube = createKubeClient(connection);
  const path = (kind: string, name?: string) => {
    const collection = `/apis/${plurals[kind]!.replace("NS", namespace)}`;
    return name ? `${collection}/${name}` : collection;
  };
  const list = async (kind: string) => {
    const { items } = await kube.request<List<KubeObject>>("GET", path(kind));
    return items.map((item) => ({ ...item, kind }));
  };
  const workload = async (kind: WorkloadKind, name: string) => await kube.request<KubeObject>("GET", path(kind, name));
  return {
    namespace,
    kube,
    workload,
    create: async (object) => await kube.request<KubeObject>("POST", path(object.kind), { body: object }),
    images: async (kind, name) => imagesOf(await workload(kind, name)),
    workloads: async () => (await Promise.all(["Deployment", "StatefulSet", "DaemonSet", "CronJob"].map(list))).flat(),
    change: async (kind, name, body) => await kube.request<KubeObject>("PATCH", path(kind, name), { body }),
    async remove({ kind, metadata }) {
      await kube.request("DELETE", path(kind, metadata.name), { query: { propagationPolicy: "Background" } });
    },
    requests: async () => (await kube.request<List<UpdateRequest>>("GET", path("UpdateRequest"))).items,
    close: () => connection.close(),
  };
}

export function imagesOf(object: KubeObject): Record<string, string> {
  return Object.fromEntries(containersOf(object).map(({ name, image }) => [name, image]));
}
