/** An API object, as much of it as tests look at. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export interface Container {
  name: string;
  image: string;
}

export interface WorkloadInput {
  name: string;
  /** Container `app` of this image, or these containers. */
  image?: string;
  containers?: Container[];
  initContainers?: Container[];
  /** Without `headwind.sh/`. */
  annotations?: Record<string, string>;
  /** Default 0: nothing has to run. */
  replicas?: number;
}

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob";

/**
 * A workload of policy `minor`, without a least time between updates and without a soak time, unless its annotations say
 * otherwise.
 */
export function workload(kind: WorkloadKind, input: WorkloadInput): KubeObject {
  const labels = { app: input.name };
  const metadata = {
    name: input.name,
    labels,
    annotations: prefixed({ policy: "minor", "min-update-interval": "0", soak: "0", ...input.annotations }),
  };
  const containers = input.containers ?? [{ name: "app", image: input.image! }];
  const pod = { containers, ...(input.initContainers ? { initContainers: input.initContainers } : {}) };
  const template = { metadata: { labels }, spec: pod };
  const selector = { matchLabels: labels };
  const replicas = input.replicas ?? 0;
  const object = (apiVersion: string, spec: Record<string, unknown>) => ({ apiVersion, kind, metadata, spec });
  switch (kind) {
    case "Deployment":
      return object("apps/v1", { replicas, selector, template });
    case "StatefulSet":
      return object("apps/v1", { replicas, selector, template, serviceName: input.name });
    case "DaemonSet":
      return object("apps/v1", { selector, template });
    case "CronJob": {
      const job = { template: { ...template, spec: { ...pod, restartPolicy: "Never" } } };
      return object("batch/v1", { schedule: "0 0 1 1 *", jobTemplate: { spec: { ...job, backoffLimit: 0 } } });
    }
  }
}

export const deployment = (input: WorkloadInput): KubeObject => workload("Deployment", input);

/** The containers of a workload, init containers first. */
export function containersOf(object: KubeObject): Container[] {
  interface Pod {
    containers: Container[];
    initContainers?: Container[];
  }
  interface Spec {
    template?: { spec: Pod };
    jobTemplate?: { spec: { template: { spec: Pod } } };
  }
  const spec = object.spec as Spec;
  const pod = (spec.template ?? spec.jobTemplate!.spec.template).spec;
  return [...pod.initContainers ?? [], ...pod.containers];
}

function prefixed(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`headwind.sh/${name}`, value]));
}
