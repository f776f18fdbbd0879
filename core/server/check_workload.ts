import { type Audit, audited } from "./audit.ts";
import { BadRequest, refusalByAdmission } from "./http_errors.ts";
import { type Caller, clientOf, requireServed, type Right } from "./callers.ts";
import type { ChangeableWorkloads } from "./change_workload.ts";
import { findToChange, rightToPatch } from "./find_workload.ts";
import { reasonForNoCheck } from "../intake/explain_no_check.ts";
import type { KubeClient } from "../kube/client.ts";
import { requestCheck } from "../workloads/write_check.ts";
import type { Workload } from "../workloads/workload.ts";

/** A workload that somebody wants to be looked at now. */
export interface CheckWish {
  namespace: string;
  name: string;
  kind?: string | undefined;
}

export interface CheckWorkloadOptions {
  /** Headwind's own. */
  client: KubeClient;
  workloads: Pick<ChangeableWorkloads, "find" | "resources" | "now">;
  namespaces: readonly string[];
  audit: Audit;
}

/**
 * Asks for a workload's registries to be asked at once, whichever replica polls: by their own token, or in their name, after asking
 * whether they may patch it. Gives what stands in `check-requested-at` then.
 *
 * @throws {BadRequest} 403, 404, or 409 where there is nothing to be looked at
 */
export async function checkWorkload(caller: Caller, wish: CheckWish, options: CheckWorkloadOptions): Promise<string> {
  return await audited(options.audit, caller, { action: "check", ...wish }, () => check(caller, wish, options));
}

async function check(
  caller: Caller,
  { namespace, name, kind }: CheckWish,
  { client, workloads, namespaces }: CheckWorkloadOptions,
): Promise<string> {
  requireServed(namespace, namespaces);
  const workload = await findToChange(caller, { namespace, name, kind }, workloads, rightToCheck);
  const why = reasonForNoCheck(workload);
  if (why !== undefined) {
    throw new BadRequest(`${namespace}/${name} has nothing to be looked at: ${why}`, undefined, 409);
  }
  const requested = workloads.now().toISOString();
  try {
    await requestCheck(clientOf(caller) ?? client, workload, requested);
  } catch (error) {
    throw refusalByAdmission(error);
  }
  return requested;
}

/** What it takes to ask for a workload to be looked at: to patch it, even where its versions stand in another object. */
export const rightToCheck = ({ plugin: { resource }, namespace, name }: Workload): Right =>
  rightToPatch(resource, namespace, name);
