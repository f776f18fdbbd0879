import { type Audit, audited } from "./audit.ts";
import { BadRequest, refusalByAdmission } from "./http_errors.ts";
import {
  type Caller,
  clientOf,
  requireProvenRight,
  requireRight,
  requireServed,
  rightOnRequests,
  signatureOf,
} from "./callers.ts";
import { type ChangeableWorkloads, rightToChange } from "./change_workload.ts";
import { createUpdateStore, type UpdateStore } from "../requests/store.ts";
import { dryRunOf } from "../kube/dry_run.ts";
import type { KubeClient, PatchOperation } from "../kube/client.ts";
import type { Log } from "../plugin.ts";
import { ManualChangeRefused } from "../lifecycle/manual_change.ts";
import { noSuchUpdate } from "./decide_update.ts";
import { NotMadeAnew, type Retried, RetryRefused, retryUpdate, type RetryWrites } from "../lifecycle/retry_update.ts";
import { resourcePath } from "../kube/paths.ts";
import type { Workload } from "../workloads/workload.ts";

/** An update that somebody wants to be made anew. */
export interface RetryWish {
  namespace: string;
  name: string;
  /** In whose name, where they say one. */
  user?: string | undefined;
}

export interface RetryRequestOptions {
  store: Pick<UpdateStore, "get" | "create" | "remove">;
  /** Headwind's own. */
  client: KubeClient;
  workloads: ChangeableWorkloads;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  audit: Audit;
  log: Log;
}

/**
 * Makes an update anew that has ended, once it is known that they may: by their own token, so that the API server judges, or in their
 * name after asking it for the verbs `create` and `delete`, for `approve` where the request wants no approval, and for `patch` on the
 * workload where a hold is let go. The admission policies let Headwind name who makes a request, so that a vouched person can, too.
 *
 * @throws {BadRequest} 403 where they may not, 404 where there is none, 409 where it would come to nothing, 503 where the old one is
 * gone and the new one could not be made
 */
export async function retryRequest(caller: Caller, wish: RetryWish, options: RetryRequestOptions): Promise<Retried> {
  const { namespace, name, user: said } = wish;
  const done = { action: "retry", kind: "UpdateRequest", namespace, name, said } as const;
  return await audited(options.audit, caller, done, () => retry(caller, wish, options));
}

async function retry(
  caller: Caller,
  { namespace, name, user }: RetryWish,
  { store, client, workloads, namespaces, log }: RetryRequestOptions,
): Promise<Retried> {
  requireServed(namespace, namespaces);
  const madeBy = signatureOf(caller, user, "user");
  const writer = clientOf(caller);
  const rehearsing = dryRunOf(writer ?? client);
  const right = (verb: string) => rightOnRequests(verb, namespace, name);
  const writes: RetryWrites = {
    ...(writer ? createUpdateStore(writer, () => {}) : store),
    patch: (workload, operations) => workloads.patch(workload, operations, writer),
  };
  // whether it can be made anew tells how it stands: to nobody who may not
  for (const verb of ["delete", "create"]) await requireProvenRight(caller, right(verb));
  try {
    const retried = await retryUpdate({
      read: () => store.get(namespace, name),
      async workload({ kind, namespace, name }) {
        return (await workloads.find(namespace, name, kind))[0];
      },
      requests: workloads.requests,
      async allow({ anew, hold, workload }) {
        if (anew.spec.requireApproval === false) await requireRight(caller, right("approve"));
        if (hold) await requireRight(caller, rightToChange(workload));
      },
      rehearsal: { ...createUpdateStore(rehearsing, () => {}), patch: rehearsedPatch(rehearsing) },
      writes,
      madeBy,
      now: workloads.now,
    });
    if (!retried) throw noSuchUpdate(namespace, name);
    log.info("update made anew", { updateRequest: `${namespace}/${name}`, by: madeBy, proof: caller.kind });
    return retried;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Nobody is told what a rehearsal would have made of a workload. */
const rehearsedPatch =
  (client: KubeClient) => async (workload: Workload, operations: readonly PatchOperation[]): Promise<Workload> => {
    const { resource, namespace, name } = workload.carrier ?? { ...workload, resource: workload.plugin.resource };
    const query = { fieldManager: "headwind" };
    await client.request("PATCH", resourcePath(resource, namespace, name), { patch: "json", body: operations, query });
    return workload;
  };

function refusalOf(error: unknown): unknown {
  if (error instanceof RetryRefused || error instanceof ManualChangeRefused) {
    return new BadRequest(error.message, undefined, 409, error);
  }
  if (error instanceof NotMadeAnew) {
    const why = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return new BadRequest(error.message + why, undefined, 503, error);
  }
  return refusalByAdmission(error);
}
