import { type ByHandDependencies, type Done, NotPossible, type Wish } from "../../core/updates/by_hand.ts";
import { KubeError } from "../../core/kube/errors.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import type { UpdateRequest } from "../../core/updates/update_request.ts";
import type { Workload } from "../../core/match/workload.ts";
import type { WorkloadObject } from "../../core/match/project.ts";
import type { Cluster } from "./cluster.ts";
import { Failure } from "./errors.ts";
import { project, readWorkload } from "./find_workload.ts";
import { shortName } from "./kinds.ts";

type Change = (wish: Wish, dependencies: ByHandDependencies) => Promise<Done>;

/** A change of a workload, and the object as the API server gave it back. */
export interface Changed extends Done {
  object: WorkloadObject;
}

/** Changes a workload by the user's own rights. Throws `Failure` where it cannot be done, `KubeError` where it is refused. */
export async function changeByHand(
  cluster: Cluster,
  { plugin, name }: Workload,
  requests: readonly UpdateRequest[],
  change: Change,
  wish: Wish,
): Promise<Changed> {
  const path = resourcePath(plugin.resource, cluster.namespace, name);
  let object: WorkloadObject | undefined;
  try {
    const done = await change(wish, {
      read: () => readWorkload(cluster, plugin, name),
      requests: () => requests,
      async patch(_, operations) {
        const query = { fieldManager: "kubectl-headwind" };
        object = await cluster.client.request<WorkloadObject>("PATCH", path, {
          patch: "json",
          body: operations,
          query,
        });
        return project(plugin, object);
      },
      now: () => new Date(),
    });
    return { ...done, object: object! };
  } catch (error) {
    if (error instanceof NotPossible) throw new Failure(`${shortName(plugin, name)}: ${error.message}`);
    if (error instanceof KubeError && error.status === 422) {
      throw new Failure(
        `${shortName(plugin, name)} was changed by somebody else at each try, or cannot be changed so: ${error.said}`,
      );
    }
    throw error;
  }
}
