/** A Lease of coordination.k8s.io/v1, as far as it is used here. Times are MicroTime, such as `2026-01-02T03:04:05.000006Z`. */
export interface Lease {
  apiVersion: "coordination.k8s.io/v1";
  kind: "Lease";
  metadata: { name: string; namespace: string; resourceVersion?: string; [field: string]: unknown };
  spec?: LeaseSpec;
}
export interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
  [field: string]: unknown;
}

/** A holder's record, and when this process first saw it so: clocks of other machines are not compared. */
export interface Observation {
  record: string;
  /** By this process's own clock, in milliseconds. */
  at: number;
}

/** The observation after having read `lease` at `now`: its time changes only with the record. */
export function observe(before: Observation | undefined, lease: Lease, now: number): Observation {
  const { holderIdentity, renewTime, acquireTime, leaseTransitions } = lease.spec ?? {};
  const record = JSON.stringify([holderIdentity, renewTime, acquireTime, leaseTransitions]);
  return before?.record === record ? before : { record, at: now };
}

/** Whether `identity` may take it: it is free, its own, or was not renewed for its whole duration. */
export function mayTake(lease: Lease, identity: string, observed: Observation, now: number, fallbackSeconds: number) {
  const holder = lease.spec?.holderIdentity;
  if (!holder || holder === identity) return true;
  return now >= observed.at + (lease.spec?.leaseDurationSeconds ?? fallbackSeconds) * 1000;
}

/** The spec once `identity` has taken or renewed it. */
export function heldSpec(
  before: LeaseSpec | undefined,
  identity: string,
  durationSeconds: number,
  now: Date,
): LeaseSpec {
  const time = microTime(now);
  const same = before?.holderIdentity === identity;
  return {
    ...before,
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: same ? before?.acquireTime ?? time : time,
    renewTime: time,
    leaseTransitions: before === undefined ? 0 : (before.leaseTransitions ?? 0) + (same ? 0 : 1),
  };
}

/** The spec once its holder has let it go; a second is the least duration that the API allows. */
export function releasedSpec(before: LeaseSpec | undefined, now: Date): LeaseSpec {
  const time = microTime(now);
  return { ...before, holderIdentity: "", leaseDurationSeconds: 1, acquireTime: time, renewTime: time };
}

/** MicroTime of meta/v1: RFC 3339 with six digits. */
export const microTime = (date: Date): string => date.toISOString().replace(/(\.\d{3})Z$/, "$1000Z");

/**
 * Who a process is to the Lease: its name and, after `_`, what no other process has, as client-go's leader election has it. A pod's
 * uid is that too, since a pod has one process at a time, and the next one in it has the Lease again at once after a crash.
 */
export const leaseIdentity = (name: string, podUid?: string): string => `${name}_${podUid || crypto.randomUUID()}`;

/** Whether two processes say the same name. */
export const areNamesakes = (one: string, other: string): boolean => one !== other && nameIn(one) === nameIn(other);

/** The name of the process that says so of itself. */
export const nameIn = (identity: string) => identity.replace(/_[^_]*$/, "");
