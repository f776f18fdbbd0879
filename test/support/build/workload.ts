import type { PatchOperation } from "../../../core/kube/client.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";
import type { Workload, WorkloadObject } from "../../../core/workloads/workload.ts";
import cronjob from "../../../plugins/workloads/cronjob.ts";
import deployment from "../../../plugins/workloads/deployment.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import type { Hold } from "../../../core/requests/holds.ts";
import { patched } from "../json_patch.ts";

export interface WorkloadChanges {
  /** Default: that of Deployments. */
  plugin?: WorkloadPlugin;
  /** Default `default`. */
  namespace?: string;
  /** Default `web`. */
  name?: string;
  uid?: string;
  /** Of the container `app`. Default `app:1.0.0`. */
  image?: string;
  /** Of an init container `migrate`, which is not there if absent. */
  migrate?: string;
  /** By container, in the place of `app` and `proxy`. */
  images?: Record<string, string>;
  /** By init container, in the place of `migrate`. */
  initImages?: Record<string, string>;
  /** Without their prefix. Default: policy `minor`, no approval; undefined takes one of these away. */
  annotations?: Record<string, string | undefined>;
  /** What `update-history` tells, the newest first; of the container `app`, unless it says otherwise. */
  history?: readonly Partial<HistoryEntry>[];
  /** What `held` says; of the container `app`, by `ann`, unless it says otherwise. */
  held?: readonly Partial<Hold>[];
  pullSecrets?: readonly string[];
  serviceAccount?: string;
}

/** A workload as the operator keeps it, read from an object of its kind. */
export function workloadOf(changes: WorkloadChanges = {}): Workload {
  const { plugin = deployment, namespace = "default", name = "web" } = changes;
  const { image = "app:1.0.0", images = { app: image, proxy: "proxy:2.0.0" } } = changes;
  const { migrate, initImages = migrate ? { migrate } : {} } = changes;
  const uid = changes.uid ?? `uid-${namespace}-${name}`;
  const template = {
    spec: {
      containers: containersOf(images),
      initContainers: containersOf(initImages),
      imagePullSecrets: (changes.pullSecrets ?? []).map((name) => ({ name })),
      ...(changes.serviceAccount ? { serviceAccountName: changes.serviceAccount } : {}),
    },
  };
  const spec = plugin === cronjob ? { jobTemplate: { spec: { template } } } : { template };
  const annotations = annotationsOf({ ...writtenOf(changes), ...changes.annotations });
  return project(plugin, { metadata: { namespace, name, uid, annotations }, ...{ spec } });
}

/** Annotations with their prefix, on top of policy `minor` and no approval; undefined takes one away. */
export function annotationsOf(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const all = Object.entries({ policy: "minor", "require-approval": "false", ...changes });
  return Object.fromEntries(
    all.flatMap(([name, value]) => value === undefined ? [] : [[`headwind.sh/${name}`, value]]),
  );
}

function writtenOf({ history, held }: WorkloadChanges): Record<string, string> {
  const at = "2026-01-01T11:00:00.000Z";
  const entries = history?.map((entry) => ({ container: "app", timestamp: at, ...entry }));
  const holds = held?.map((hold) => ({ container: "app", at, by: "ann", reason: "it is slow", ...hold }));
  return {
    ...(entries ? { "update-history": JSON.stringify(entries) } : {}),
    ...(holds ? { held: JSON.stringify(holds) } : {}),
  };
}

const containersOf = (images: Record<string, string>) =>
  Object.entries(images).map(([name, image]) => ({ name, image }));

const objects = new WeakMap<Workload, WorkloadObject>();

function project(plugin: WorkloadPlugin, object: WorkloadObject): Workload {
  const workload = projectWorkload(plugin, object, { pollingInterval: 300 });
  objects.set(workload, object);
  return workload;
}

/** A workload of `workloadOf` with a JSON patch applied; undefined where one of its tests does not hold. */
export function workloadPatched(workload: Workload, operations: readonly PatchOperation[]): Workload | undefined {
  const object = patched(objects.get(workload)!, operations);
  return object && project(workload.plugin, object);
}
