import type { Phase } from "../../../core/requests/phases.ts";
import type { Condition, Decision, StatusStep, UpdateRequest } from "../../../core/requests/update_request.ts";

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
  /** Default `Deployment`. */
  kind?: string;
  /** Name of the workload. Default `web`. */
  target?: string;
  policy?: string;
  requireApproval?: boolean | undefined;
  expiresAt?: string;
  decision?: Decision;
  phase?: Phase;
  /** Of the status, whose phase is `Pending` then if absent. */
  reason?: string;
  message?: string;
  steps?: readonly StatusStep[];
  conditions?: readonly Condition[];
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
  const { at = "2026-01-01T11:00:00Z", reason, message, steps } = changes;
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
        kind: changes.kind ?? "Deployment",
        namespace: changes.targetNamespace ?? "default",
        name: changes.target ?? "web",
      },
      updateType: "image",
      containerName: changes.container ?? changes.containers?.[0] ?? "app",
      ...(changes.containers ? { containerNames: changes.containers } : {}),
      currentImage: changes.currentImage ?? "app:1.0.0",
      newImage: changes.newImage ?? "app:1.1.0",
      policy: changes.policy ?? "minor",
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
    ...(phase || confirmed || appliedAt || reason
      ? {
        status: {
          phase: phase ?? "Pending",
          ...(reason ? { reason } : {}),
          ...(message ? { message } : {}),
          ...(steps ? { steps: [...steps] } : {}),
          ...(confirmed ? { conditions } : changes.conditions ? { conditions: [...changes.conditions] } : {}),
          ...(appliedAt ? { appliedAt } : {}),
        },
      }
      : {}),
  };
}
