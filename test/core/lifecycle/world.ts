import deployment from "../../../plugins/workloads/deployment.ts";
import type { PatchOperation } from "../../../core/kube/client.ts";
import { patched } from "../../model/json_patch.ts";
import { projectWorkload, type WorkloadObject } from "../../../core/workloads/project.ts";
import type { Decision, Phase, UpdateRequest } from "../../../core/requests/update_request.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import type { WorkloadPlugin } from "../../../core/plugin.ts";

export interface WorkloadChanges {
  /** Default: that of Deployments. */
  plugin?: WorkloadPlugin;
  name?: string;
  /** Of the container `app`. */
  image?: string;
  proxy?: string;
  /** Of an init container `migrate`, which is not there if absent. */
  migrate?: string;
  uid?: string;
  /** Without their prefix. */
  annotations?: Record<string, string | undefined>;
}

/** A Deployment `default/web` with containers `app` and `proxy`, as the operator keeps it. */
export function workloadOf(changes: WorkloadChanges = {}): Workload {
  const { image = "app:1.0.0", proxy = "proxy:2.0.0", uid = "w1", annotations = {} } = changes;
  const all = { policy: "major", "require-approval": "false", ...annotations };
  const object = {
    metadata: {
      namespace: "default",
      name: changes.name ?? "web",
      uid,
      annotations: Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => value === undefined ? [] : [[`headwind.sh/${name}`, value]]),
      ),
    },
    spec: {
      template: {
        spec: {
          containers: [{ name: "app", image }, { name: "proxy", image: proxy }],
          ...(changes.migrate ? { initContainers: [{ name: "migrate", image: changes.migrate }] } : {}),
        },
      },
    },
  };
  return project(changes.plugin ?? deployment, object);
}

const objects = new WeakMap<Workload, WorkloadObject>();

function project(plugin: WorkloadPlugin, object: WorkloadObject): Workload {
  const workload = projectWorkload(plugin, object, { pollingInterval: 300 });
  objects.set(workload, object);
  return workload;
}

/** A workload of this file with a JSON patch applied; undefined where one of its tests does not hold. */
export function workloadPatched(workload: Workload, operations: readonly PatchOperation[]): Workload | undefined {
  const object = patched(objects.get(workload)!, operations);
  return object && project(workload.plugin, object);
}

export interface RequestChanges {
  name?: string;
  namespace?: string;
  container?: string;
  /** All that it is for, where these are several. */
  containers?: readonly string[];
  currentImage?: string;
  newImage?: string;
  targetNamespace?: string;
  apiVersion?: string;
  requireApproval?: boolean | undefined;
  expiresAt?: string;
  decision?: Decision;
  phase?: Phase;
  /** RFC 3339. */
  appliedAt?: string;
  trusted?: boolean;
  confirmed?: boolean;
  at?: string;
  sighting?: undefined;
  via?: "webhook" | "polling";
  madeBy?: string;
}

/** A request of `default/web` for `app:1.1.0`, trusted, without approval. */
export function requestOf(changes: RequestChanges = {}): UpdateRequest {
  const { name = "a", namespace = "default", decision, expiresAt, phase, confirmed, appliedAt } = changes;
  const { at = "2026-01-01T11:00:00Z" } = changes;
  const conditions = [
    { type: "Confirmed", status: "True", reason: "InRegistry", message: "", lastTransitionTime: at } as const,
  ];
  return {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: "1", creationTimestamp: at },
    spec: {
      targetRef: {
        apiVersion: changes.apiVersion ?? "apps/v1",
        kind: "Deployment",
        namespace: changes.targetNamespace ?? "default",
        name: "web",
      },
      updateType: "image",
      containerName: changes.container ?? changes.containers?.[0] ?? "app",
      ...(changes.containers ? { containerNames: changes.containers } : {}),
      currentImage: changes.currentImage ?? "app:1.0.0",
      newImage: changes.newImage ?? "app:1.1.0",
      policy: "major",
      ...("requireApproval" in changes
        ? changes.requireApproval === undefined ? {} : { requireApproval: changes.requireApproval }
        : { requireApproval: false }),
      ...("sighting" in changes
        ? {}
        : { sighting: { at, via: changes.via ?? "webhook", trigger: "registry", trusted: changes.trusted ?? true } }),
      ...(expiresAt ? { expiresAt } : {}),
      ...(changes.madeBy ? { madeBy: changes.madeBy } : {}),
      ...(decision ? { decision } : {}),
    },
    ...(phase || confirmed || appliedAt
      ? {
        status: {
          phase: phase ?? "Pending",
          ...(confirmed ? { conditions } : {}),
          ...(appliedAt ? { appliedAt } : {}),
        },
      }
      : {}),
  };
}
