import type { Condition, HelmReleaseStatus } from "./types.ts";

/** An object as far as its conditions go. */
export interface Conditioned {
  metadata: { generation: number };
  status?: { conditions?: Condition[] };
}

export function getCondition(object: Conditioned, type: string): Condition | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type);
}

/** Sets a condition for the object's present generation. Its time changes only when something else of it does. */
export function setCondition(
  object: Conditioned,
  type: string,
  status: Condition["status"],
  reason: string,
  message: string,
): void {
  const known = getCondition(object, type);
  const observedGeneration = object.metadata.generation;
  const same = known && known.status === status && known.reason === reason && known.message === message &&
    known.observedGeneration === observedGeneration;
  if (same) return;
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  dropCondition(object, type);
  const all = object.status!.conditions!;
  all.push({ type, status, reason, message, lastTransitionTime, observedGeneration });
  all.sort((a, b) => rank(a.type) - rank(b.type) || (a.type < b.type ? -1 : 1));
}

/** Flux shows these first. */
const rank = (type: string) => {
  const place = ["Stalled", "Reconciling", "Ready"].indexOf(type);
  return place < 0 ? 3 : place;
};

export function dropCondition(object: Conditioned, type: string): void {
  const status = object.status ??= {};
  status.conditions = (status.conditions ?? []).filter((condition) => condition.type !== type);
}

export function setReconciling(object: Conditioned, reason: string, message: string): void {
  dropCondition(object, "Stalled");
  setCondition(object, "Reconciling", "True", reason, message);
}

export function setStalled(object: Conditioned, reason: string, message: string): void {
  dropCondition(object, "Reconciling");
  setCondition(object, "Stalled", "True", reason, message);
}

/**
 * `Ready` as it follows from `Remediated` (whatever its outcome, the release is not what was asked for) and `Released`.
 *
 * Source: `summarize` of https://github.com/fluxcd/helm-controller/blob/main/internal/reconcile/release.go
 */
export function summarize(object: Conditioned & { status?: HelmReleaseStatus }): void {
  const remediated = getCondition(object, "Remediated");
  const decisive = remediated ?? getCondition(object, "Released");
  if (!decisive) return;
  const status = remediated ? "False" : decisive.status;
  if (status === "True") dropCondition(object, "Stalled");
  setCondition(object, "Ready", status, decisive.reason, decisive.message);
}
