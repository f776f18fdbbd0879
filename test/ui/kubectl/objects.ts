import deployment from "../../../plugins/workloads/deployment.ts";
import { adviseWith, commandFor } from "../../../ui/kubectl/advice.ts";
import type { Action } from "../../../core/read_model/current_holds.ts";
import type { HistoryEntry } from "../../../core/requests/history.ts";
import type { Hold } from "../../../core/requests/holds.ts";
import type { Phase } from "../../../core/requests/phases.ts";
import type { UpdateRequest, UpdateRequestSpec } from "../../../core/requests/update_request.ts";
import type { Workload } from "../../../core/workloads/workload.ts";
import { projectWorkload } from "../../../core/workloads/project.ts";

export const now = new Date("2026-03-01T12:00:00Z");
/** RFC 3339, so many seconds before `now`. */
export const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

export interface WorkloadChanges {
  image?: string;
  /** An init container besides, by its image. */
  init?: string;
  /** Without their prefix. `null` is for a workload that says nothing. */
  annotations?: Record<string, string> | null;
  history?: HistoryEntry[];
  held?: Hold[];
}

/** Deployment `shop/web` with a container `app`, of policy minor without approval. */
export function workloadOf(changes: WorkloadChanges = {}): Workload {
  const { image = "web:1.0.0", init, annotations = {}, history, held } = changes;
  const all = {
    ...(annotations && { policy: "minor", "require-approval": "false", "min-update-interval": "0", ...annotations }),
    ...(history ? { "update-history": JSON.stringify(history) } : {}),
    ...(held ? { held: JSON.stringify(held) } : {}),
  };
  const metadata = {
    namespace: "shop",
    name: "web",
    uid: "w1",
    annotations: Object.fromEntries(Object.entries(all).map(([name, value]) => [`headwind.sh/${name}`, value])),
  };
  const initContainers = init === undefined ? [] : [{ name: "migrate", image: init }];
  const object = { metadata, spec: { template: { spec: { containers: [{ name: "app", image }], initContainers } } } };
  return projectWorkload(deployment, object, { pollingInterval: 300 });
}

export interface RequestChanges {
  name?: string;
  phase?: Phase;
  /** Of the condition that says why it stands so, and of the status. */
  reason?: string;
  message?: string;
  appliedAt?: string;
  spec?: Partial<UpdateRequestSpec>;
}

/** A request of `shop/web` from 1.0.0 to `tag`. */
export function requestOf(tag: string, changes: RequestChanges = {}): UpdateRequest {
  const { name = `web-app-${tag}`, phase, reason, message, appliedAt, spec } = changes;
  const condition = {
    type: phase === "Verifying" ? "Healthy" : "Applied",
    status: "False" as const,
    reason: reason ?? "Because",
    message: "",
    lastTransitionTime: ago(60),
  };
  return {
    apiVersion: "headwind.sh/v1alpha1",
    kind: "UpdateRequest",
    metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: "7", creationTimestamp: ago(90) },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" },
      updateType: "image",
      containerName: "app",
      currentImage: "web:1.0.0",
      newImage: `web:${tag}`,
      policy: "minor",
      reason: "as it was",
      requireApproval: true,
      sighting: { at: ago(90), via: "webhook", trigger: "registry", trusted: true },
      ...spec,
    },
    ...(phase
      ? {
        status: {
          phase,
          ...(reason ? { reason } : {}),
          message: message ?? `it is ${phase}`,
          conditions: [condition],
          lastUpdated: ago(30),
          ...(appliedAt ? { appliedAt } : {}),
        },
      }
      : {}),
  };
}

export const holdOf = (tag: string | undefined, changes: Partial<Hold> = {}): Hold => ({
  container: "app",
  ...(tag === undefined ? {} : { image: `web:${tag}` }),
  at: ago(20),
  by: "ann",
  reason: "too slow",
  ...changes,
});

/** How the command line says what a person can do. */
export const advise = (action: Action): string => adviseWith([])(...commandFor(action));
