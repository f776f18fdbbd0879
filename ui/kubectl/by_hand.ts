import {
  KubeError,
  type ManualChange,
  type ManualChangeOptions,
  ManualChangeRefused,
  type ManualChangeResult,
  type PatchOperation,
  resourcePath,
  type UpdateRequest,
  type Workload,
  type WorkloadObject,
} from "../../core/ui.ts";
import type { Cluster } from "./cluster.ts";
import { Failure } from "./errors.ts";
import { project, readWorkload } from "./find_objects.ts";
import { fullName, shortName } from "./kinds.ts";
import type { Result } from "./command.ts";

type Change = (wish: ManualChange, dependencies: ManualChangeOptions) => Promise<ManualChangeResult>;

/** A change of a workload, and the object that was changed, as the API server gave it back. */
export interface Changed extends ManualChangeResult {
  object: WorkloadObject;
}

/** What is wanted of one container, by whoever types. */
export interface Wanted {
  container: string;
  image?: string | undefined;
  reason?: string | undefined;
}

/**
 * Changes containers of a workload, one after the other, but for those that were changed with one before; `text` says
 * what was done.
 *
 * @throws as `changeByHand`
 */
export async function changeAll(
  { cluster, workload, requests = [], change, wanted }: {
    cluster: Cluster;
    workload: Workload;
    requests?: readonly UpdateRequest[];
    change: Change;
    wanted: readonly [Wanted, ...Wanted[]];
  },
  text: (name: string, last: Changed) => string,
): Promise<Result> {
  const by = await cluster.me();
  const one = ({ container, image, reason }: Wanted) =>
    changeByHand(cluster, workload, requests, change, {
      container,
      by,
      ...(image === undefined ? {} : { image }),
      ...(reason === undefined ? {} : { reason }),
    });
  const [first, ...others] = wanted;
  let changed = await one(first);
  const done = new Set(changed.containers ?? [changed.container]);
  for (const other of others) {
    if (done.has(other.container)) continue;
    changed = await one(other);
    for (const name of changed.containers ?? [changed.container]) done.add(name);
  }
  const name = fullName(workload.plugin, workload.name);
  return { data: changed.object, names: [name], text: () => text(name, changed) };
}

/**
 * Changes a workload by the user's own rights.
 *
 * @throws {Failure} where it cannot be done, `KubeError` where it is refused
 */
export async function changeByHand(
  cluster: Cluster,
  { plugin, name }: Workload,
  requests: readonly UpdateRequest[],
  change: Change,
  wish: ManualChange,
): Promise<Changed> {
  let object: WorkloadObject | undefined;
  try {
    const done = await change(wish, {
      read: () => readWorkload(cluster, plugin, name),
      requests: () => requests,
      async patch(workload, operations) {
        const patched = await patchWorkload(cluster, workload, operations);
        object = patched.object;
        return patched.workload;
      },
      now: () => new Date(),
    });
    return { ...done, object: object! };
  } catch (error) {
    if (error instanceof ManualChangeRefused) throw new Failure(`${shortName(plugin, name)}: ${error.message}`);
    if (error instanceof KubeError && error.status === 422) {
      throw new Failure(
        `${shortName(plugin, name)} was changed by somebody else at each try, or cannot be changed so: ${error.said}`,
      );
    }
    throw error;
  }
}

/** Patches the object that a workload's versions stand in, by the user's own rights; gives it back, and the workload as it is then. */
export async function patchWorkload(
  cluster: Cluster,
  workload: Workload,
  operations: readonly PatchOperation[],
): Promise<{ workload: Workload; object: WorkloadObject }> {
  const { plugin } = workload;
  const { resource, namespace, name } = workload.carrier ?? { ...workload, resource: plugin.resource };
  const object = await cluster.client.request<WorkloadObject>("PATCH", resourcePath(resource, namespace, name), {
    patch: "json",
    body: operations,
    query: { fieldManager: "kubectl-headwind" },
  });
  if (!workload.carrier) return { workload: await project(cluster, plugin, object), object };
  return { workload: await readWorkload(cluster, plugin, workload.name) ?? workload, object };
}
