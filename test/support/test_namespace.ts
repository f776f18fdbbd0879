import { createKubeClient, type KubeClient } from "../../core/kube/client.ts";
import { loadKubeConfig } from "../../core/kube/config.ts";
import { isNotFound } from "../../core/kube/kube_error.ts";
import type { UpdateRequest } from "../../core/requests/update_request.ts";
import type { Cluster } from "./cluster.ts";
import { containersOf, type KubeObject, type WorkloadKind } from "../e2e/manifests.ts";

/** One namespace of a real cluster, past any proxy. */
export interface TestNamespace {
  namespace: string;
  kube: KubeClient;
  create(object: KubeObject): Promise<KubeObject>;
  workload(kind: ObjectKind, name: string): Promise<KubeObject>;
  /** From container to image. */
  images(kind: WorkloadKind, name: string): Promise<Record<string, string>>;
  workloads(): Promise<KubeObject[]>;
  /** A merge patch. */
  change(kind: ObjectKind, name: string, body: unknown): Promise<KubeObject>;
  remove(object: KubeObject): Promise<void>;
  requests(): Promise<UpdateRequest[]>;
  close(): void;
}

/** Kinds that are no workload of Kubernetes' own have no images to look at. */
type ObjectKind = WorkloadKind | "HelmRelease" | "HelmRepository" | "OCIRepository";

interface List<T> {
  items: T[];
}
const plurals: Record<string, string> = {
  Deployment: "apps/v1/namespaces/NS/deployments",
  StatefulSet: "apps/v1/namespaces/NS/statefulsets",
  DaemonSet: "apps/v1/namespaces/NS/daemonsets",
  CronJob: "batch/v1/namespaces/NS/cronjobs",
  Job: "batch/v1/namespaces/NS/jobs",
  HelmRelease: "helm.toolkit.fluxcd.io/v2/namespaces/NS/helmreleases",
  HelmRepository: "source.toolkit.fluxcd.io/v1/namespaces/NS/helmrepositories",
  OCIRepository: "source.toolkit.fluxcd.io/v1/namespaces/NS/ocirepositories",
  UpdateRequest: "headwind.sh/v1alpha1/namespaces/NS/updaterequests",
};

/** A new namespace of the cluster. */
export async function createNamespace(cluster: Cluster, prefix?: string): Promise<TestNamespace> {
  return await namespaceIn(cluster, await cluster.namespace(prefix));
}

/** A namespace that is there, as an admin sees it. */
export async function namespaceIn(
  { kubeconfig }: Pick<Cluster, "kubeconfig">,
  namespace: string,
): Promise<TestNamespace> {
  const connection = await loadKubeConfig({ KUBECONFIG: kubeconfig });
  return namespaceAs(createKubeClient(connection), namespace, connection.close);
}

/** A namespace with the rights of one who asks. */
export function namespaceAs(kube: KubeClient, namespace: string, close: () => void): TestNamespace {
  const path = (kind: string, name?: string) => {
    const known = plurals[kind];
    const collection = known
      ? `/apis/${known.replace("NS", namespace)}`
      : `/api/v1/namespaces/${namespace}/${kind.toLowerCase()}s`;
    return name ? `${collection}/${name}` : collection;
  };
  const list = async (kind: string) => {
    const { items } = await kube.request<List<KubeObject>>("GET", path(kind));
    return items.map((item) => ({ ...item, kind }));
  };
  const workload = async (kind: ObjectKind, name: string) => await kube.request<KubeObject>("GET", path(kind, name));
  return {
    namespace,
    kube,
    workload,
    create: async (object) => await kube.request<KubeObject>("POST", path(object.kind), { body: object }),
    images: async (kind, name) => imagesOf(await workload(kind, name)),
    async workloads() {
      const releases = await list("HelmRelease").catch((error) => {
        if (isNotFound(error)) return [];
        throw error;
      });
      return [
        ...(await Promise.all(["Deployment", "StatefulSet", "DaemonSet", "CronJob"].map(list))).flat(),
        ...releases,
      ];
    },
    change: async (kind, name, body) => await kube.request<KubeObject>("PATCH", path(kind, name), { body }),
    async remove({ kind, metadata }) {
      await kube.request("DELETE", path(kind, metadata.name), { query: { propagationPolicy: "Background" } });
    },
    requests: async () => (await kube.request<List<UpdateRequest>>("GET", path("UpdateRequest"))).items,
    close,
  };
}

/** Of a HelmRelease its chart. */
export function imagesOf(object: KubeObject): Record<string, string> {
  if (object.kind === "HelmRelease") {
    const { chart, version } = (object.spec as { chart: { spec: Record<string, string> } }).chart.spec;
    return { chart: `${chart}:${version}` };
  }
  return Object.fromEntries(containersOf(object).map(({ name, image }) => [name, image]));
}
