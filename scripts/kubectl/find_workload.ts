import { checkAnnotationNames } from "../../core/health/check_annotations.ts";
import { isNotFound, KubeError } from "../../core/kube/errors.ts";
import { knowAnnotations } from "../../core/annotations.ts";
import { projectWorkload, type WorkloadObject } from "../../core/match/project.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import type { Workload } from "../../core/match/workload.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";
import { checkKinds, readWorkloadName, shortName } from "./kinds.ts";
import type { Cluster } from "./cluster.ts";
import { Failure } from "./errors.ts";

knowAnnotations(checkAnnotationNames(checkKinds));

/** The operator's default; nothing here depends on it. */
const pollingInterval = 300;

/** The workload that is meant. Throws `Failure` where there is none, or several; `KubeError` where the user may not see it. */
export async function findWorkload(cluster: Cluster, text: string): Promise<Workload> {
  const { kinds, name } = readWorkloadName(text);
  const { namespace } = cluster;
  const asked = await Promise.all(kinds.map(async (kind) => {
    try {
      return await readWorkload(cluster, kind, name);
    } catch (error) {
      if (kinds.length > 1 && error instanceof KubeError && error.status === 403) return error;
      throw error;
    }
  }));
  const [found, ...others] = asked.flatMap((answer) => answer && !(answer instanceof KubeError) ? [answer] : []);
  if (found && others.length === 0) return found;
  if (found) {
    const names = [found, ...others].map(({ plugin }) => shortName(plugin, name));
    throw new Failure(`${name} is the name of several: say ${names.join(" or ")}`);
  }
  const refused = asked.find((answer) => answer instanceof KubeError);
  if (refused) throw refused;
  const [kind] = kinds;
  if (kinds.length === 1) throw new Failure(`there is no ${shortName(kind!, name)} in namespace ${namespace}`);
  const looked = kinds.map(({ resource }) => resource.plural).join(", ");
  throw new Failure(`there is no workload ${name} in namespace ${namespace} (${looked})`);
}

/** Undefined when there is none. */
export async function readWorkload(
  { client, namespace }: Cluster,
  kind: WorkloadPlugin,
  name: string,
): Promise<Workload | undefined> {
  try {
    return project(kind, await client.request<WorkloadObject>("GET", resourcePath(kind.resource, namespace, name)));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export function project(kind: WorkloadPlugin, object: WorkloadObject): Workload {
  return projectWorkload(kind, object, { pollingInterval });
}
