import cronjob from "../../../plugins/workloads/cronjob.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import statefulset from "../../../plugins/workloads/statefulset.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

const plugins = { deployment, statefulset, cronjob };

export interface WorkloadChanges {
  plugin?: keyof typeof plugins;
  namespace?: string;
  name?: string;
  uid?: string;
  /** By container. Default: `app` runs `app:1.0.0`. */
  images?: Record<string, string>;
  initImages?: Record<string, string>;
  /** Without their prefix. Default: policy `minor`. */
  annotations?: Record<string, string>;
  pullSecrets?: string[];
  serviceAccount?: string;
}

/** A workload as the operator keeps it, read from an object of its kind. */
export function workload(changes: WorkloadChanges = {}): Workload {
  const { plugin = "deployment", namespace = "default", name = "web", annotations = {} } = changes;
  const containers = (images: Record<string, string>) =>
    Object.entries(images).map(([name, image]) => ({ name, image }));
  const all = { policy: "minor", "require-approval": "false", ...annotations };
  const pod = {
    containers: containers(changes.images ?? { app: "app:1.0.0" }),
    initContainers: containers(changes.initImages ?? {}),
    imagePullSecrets: (changes.pullSecrets ?? []).map((name) => ({ name })),
    ...(changes.serviceAccount ? { serviceAccountName: changes.serviceAccount } : {}),
  };
  const template = { spec: pod };
  const object = {
    metadata: {
      namespace,
      name,
      uid: changes.uid ?? `uid-${namespace}-${name}`,
      annotations: Object.fromEntries(Object.entries(all).map(([name, value]) => [`headwind.sh/${name}`, value])),
    },
    spec: plugin === "cronjob" ? { jobTemplate: { spec: { template } } } : { template },
  };
  return projectWorkload(plugins[plugin], object, { pollingInterval: 300 });
}
