import { type Audit, audited } from "./audit.ts";
import { BadRequest, refusalByAdmission } from "./http_errors.ts";
import { type Caller, clientOf, requireServed, type Right, signatureOf } from "./callers.ts";
import { type FindableWorkloads, findToChange, rightToPatch } from "./find_workload.ts";
import {
  holdManually,
  type ManualChange,
  ManualChangeRefused,
  type ManualChangeResult,
  resumeManually,
  rollBackManually,
} from "../lifecycle/manual_change.ts";
import type { KubeClient, PatchOperation } from "../kube/client.ts";
import { KubeError } from "../kube/kube_error.ts";
import type { Log } from "../plugin.ts";
import { namesText } from "../requests/containers.ts";
import { readHistory } from "../requests/history.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/** The workloads, as people's changes need them. */
export interface ChangeableWorkloads extends FindableWorkloads {
  /** Those that Headwind looks after, as last heard of. */
  known(namespace: string, name: string, kind?: string): Workload[];
  requests(workload: Workload): readonly UpdateRequest[];
  /** By Headwind's own rights, or by those of `as`. */
  patch(workload: Workload, operations: readonly PatchOperation[], as?: KubeClient): Promise<Workload>;
  /** By the cluster's clock; no time twice, since a change knows by it what it wrote itself. */
  now(): Date;
  /** Told of what a person did. */
  onDone(what: Change, done: ManualChangeResult): void;
}

export type Change = "rollback" | "hold" | "resume";

/** What somebody wants of a container, as they say it. */
export interface ChangeWish {
  what: Change;
  namespace: string;
  name: string;
  /** Needed where several have the name. */
  kind?: string | undefined;
  container: string;
  /** An image or tag. */
  image?: string | undefined;
  /** Of a rollback: the entry of the container's history, 0 is the newest. */
  index?: number | undefined;
  /** In whose name, where they say one. */
  user?: string | undefined;
  reason?: string | undefined;
}

export interface ChangeOptions {
  workloads: ChangeableWorkloads;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  audit: Audit;
  log: Log;
}

/** What was done, and to what. */
export interface WorkloadChanged extends Omit<ManualChangeResult, "workload"> {
  kind: string;
  namespace: string;
  name: string;
}

const CHANGES = { rollback: rollBackManually, hold: holdManually, resume: resumeManually };

/**
 * Holds a version, lets one go, or takes a container back, once the API server has said that they may: by their own token, so that it
 * judges again, or in their name.
 *
 * @throws {BadRequest} 403 where they may not, whether it is there or not, 404 where there is no such workload, 409 where it cannot be done
 */
export async function changeWorkload(
  caller: Caller,
  wish: ChangeWish,
  options: ChangeOptions,
): Promise<WorkloadChanged> {
  const { what: action, namespace, name, kind, user: said, reason } = wish;
  const done = { action, kind, namespace, name, said, reason };
  return await audited(options.audit, caller, done, () => change(caller, wish, options));
}

async function change(
  caller: Caller,
  { what, namespace, name, kind, container, image, index, user, reason }: ChangeWish,
  { workloads, namespaces, log }: ChangeOptions,
): Promise<WorkloadChanged> {
  requireServed(namespace, namespaces);
  const by = signatureOf(caller, user, "user");
  // why it cannot be done tells what the workload runs: to nobody who may not change it
  const first = await findToChange(caller, { namespace, name, kind }, workloads, rightToChange);
  const { resource } = first.plugin;
  const wish = (): ManualChange => ({
    container,
    by,
    ...(image === undefined ? indexed(first, container, index) : { image }),
    ...(reason === undefined ? {} : { reason }),
  });
  const steps = {
    read: async () => (await workloads.find(namespace, name, resource.kind))[0],
    requests: () => workloads.requests(first),
    patch: (workload: Workload, operations: readonly PatchOperation[]) =>
      workloads.patch(workload, operations, clientOf(caller)),
    now: workloads.now,
  };
  const done = await Promise.resolve().then(() => CHANGES[what](wish(), steps)).catch((error) => {
    throw refusalOf(error);
  });
  log.info(`${what} by hand`, {
    workload: `${resource.kind}/${namespace}/${name}`,
    container: namesText(done.containers ?? [container]),
    by,
    proof: caller.kind,
    from: done.from,
    to: done.to,
  });
  workloads.onDone(what, done);
  const { workload: _, ...changed } = done;
  return { kind: resource.kind, namespace, name, ...changed };
}

/** What it takes to change a workload: to patch the object that its versions stand in. */
export function rightToChange({ plugin, carrier, namespace, name }: Workload): Right {
  const written = carrier ?? { resource: plugin.resource, namespace, name };
  return rightToPatch(written.resource, written.namespace, written.name);
}

function refusalOf(error: unknown): unknown {
  if (error instanceof ManualChangeRefused) {
    return new BadRequest(error.message, error.field, error.field === "name" ? 404 : 409);
  }
  if (error instanceof KubeError && [409, 422].includes(error.status)) {
    const why = `it was changed by somebody else at each try, or cannot be changed so: ${error.said}`;
    return new BadRequest(why, undefined, 409);
  }
  return refusalByAdmission(error);
}

/** The image of an entry of the container's history. */
function indexed({ annotations }: Workload, container: string, index: number | undefined): { image?: string } {
  if (index === undefined) return {};
  const entries = readHistory(annotations.history).filter((entry) => entry.container === container);
  const entry = entries[index];
  if (entry) return { image: entry.image };
  throw new ManualChangeRefused("index", `the history of ${container} has ${entries.length} entries`);
}
