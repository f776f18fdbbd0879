import { BadRequest } from "./http_errors.ts";
import type { Caller } from "./callers.ts";
import { type InvolvedObject, type KubeEvent, kubeEvent } from "../kube/events.ts";
import { isForbidden } from "../kube/kube_error.ts";
import type { Log } from "../plugin.ts";

/** What a person does by Headwind's API or its dashboard. */
export type AuditAction = "approve" | "reject" | "hold" | "resume" | "rollback" | "retry" | "check";

/** What is done, to what, and by whom. */
export interface AuditedAction {
  action: AuditAction;
  /** `UpdateRequest`, or the kind of a workload where it is known. */
  kind?: string | undefined;
  namespace: string;
  name: string;
  /** In whose name, where nobody is proven. */
  said?: string | undefined;
  /** Why, in the person's own words. */
  reason?: string | undefined;
}

export interface AuditEntry extends AuditedAction {
  username: string;
  /** `denied` for want of rights, `error` where it could not be done. */
  result: "success" | "denied" | "error";
  /** Why it was not done. */
  error?: string;
}

/** Writes down what somebody did, or was not let do. */
export type Audit = (entry: AuditEntry) => void;

/** Does what a person wants, and writes down how it ended. */
export async function audited<T>(audit: Audit, caller: Caller, done: AuditedAction, act: () => Promise<T>): Promise<T> {
  const username = caller.kind === "anonymous" ? done.said ?? "api" : caller.user;
  try {
    const result = await act();
    audit({ ...done, username, result: "success" });
    return result;
  } catch (error) {
    audit({ ...done, username, result: isDenied(error) ? "denied" : "error", error: (error as Error).message });
    throw error;
  }
}

const isDenied = (error: unknown) => error instanceof BadRequest ? error.status === 403 : isForbidden(error);

/** What is known of the object of an action. */
export interface AuditedObject {
  object: InvolvedObject;
  /** The kind of the workload that it is about. */
  workloadKind: string;
}

export interface AuditOptions {
  /** Written whatever level is logged. */
  log: Log;
  find(action: AuditedAction): AuditedObject | undefined;
  record(event: KubeEvent): void;
  /** By the cluster's clock. */
  now(): Date;
  /** This replica's name. */
  instance: string;
}

const PAST: Record<AuditAction, string> = {
  approve: "approved it",
  reject: "rejected it",
  hold: "held a version",
  resume: "let a held version go",
  rollback: "rolled it back",
  retry: "had it made anew",
  check: "asked for a check",
};

/**
 * A line for each action, with the target and the fields of the Rust Headwind's; and an Event on its object where it was done, or was
 * denied for want of rights, one for each person.
 */
export function createAudit({ log, find, record, now, instance }: AuditOptions): Audit {
  return (entry) => {
    const { action, kind, namespace, name, username, result, reason, error } = entry;
    const known = find(entry);
    const time = now();
    log.info("audit", {
      target: "headwind::audit",
      timestamp: time.toISOString(),
      username,
      action,
      resource_type: known?.workloadKind ?? kind ?? null,
      namespace,
      name,
      result,
      reason: error ?? reason ?? null,
    });
    if (!known || result === "error") return;
    const isDone = result === "success";
    record(kubeEvent({
      object: known.object,
      type: isDone ? "Normal" : "Warning",
      reason: isDone ? "ActionTaken" : "ActionDenied",
      message: isDone
        ? `${username} ${PAST[action]}${reason ? `: ${reason}` : ""}`
        : `${username} wanted to ${action}: ${error}`,
      now: time,
      // who is denied tries again: that is told once
      id: `${action} ${username}${isDone ? ` ${time.toISOString()}` : ""}`,
      instance,
    }));
  };
}
