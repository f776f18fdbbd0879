import {
  checkAnnotationNames,
  isNotFound,
  KubeError,
  preferManaged,
  projectWhole,
  registerAnnotations,
  RESOURCE,
  resourcePath,
  type UpdateRequest,
  type Workload,
  type WorkloadObject,
} from "../../core/ui.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";
import { checkKinds, readWorkloadName, shortName, workloadKinds } from "./kinds.ts";
import type { Cluster } from "./cluster.ts";
import { Failure } from "./errors.ts";
import { isMeant } from "./suggest.ts";
import { readSettings } from "./settings.ts";

registerAnnotations(checkAnnotationNames(checkKinds));
registerAnnotations(workloadKinds.flatMap(({ annotations = {} }) => Object.keys(annotations)));

/** The operator's default; nothing here depends on it. */
const pollingInterval = 300;

/**
 * The workload that is meant; of several of one name the one that Headwind looks after.
 *
 * @throws {Failure} where there is none, or several; `KubeError` where the user may not see it
 */
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
  const all = asked.flatMap((answer) => answer && !(answer instanceof KubeError) ? [answer] : []);
  const [found, ...others] = preferManaged(all);
  if (found && others.length === 0) return found;
  if (found) {
    const names = [found, ...others].map(({ plugin }) => shortName(plugin, name));
    throw new Failure(`${name} is the name of several: say ${names.join(" or ")}`);
  }
  const [kind] = kinds;
  const places = kinds.map((kind) => ({
    path: resourcePath(kind.resource, namespace),
    text: (name: string) => shortName(kind, name),
  }));
  const near = () => isMeant(cluster, name, places);
  if (kinds.length === 1) {
    throw new Failure(`there is no ${shortName(kind!, name)} in namespace ${namespace}${await near()}`);
  }
  const refused = asked.filter((answer) => answer instanceof KubeError);
  if (refused.length === kinds.length) throw refused[0];
  const plurals = (isRefused: boolean) =>
    kinds.filter((_, index) => asked[index] instanceof KubeError === isRefused).map(({ resource }) => resource.plural)
      .join(", ");
  const unseen = refused.length > 0 ? `; ${plurals(true)} may not be read` : "";
  throw new Failure(
    `there is no workload ${name} in namespace ${namespace} (${plurals(false)})${unseen}${await near()}`,
  );
}

/** Undefined when there is none. */
export async function readWorkload(
  cluster: Cluster,
  kind: WorkloadPlugin,
  name: string,
): Promise<Workload | undefined> {
  const { client, namespace } = cluster;
  try {
    const object = await client.request<WorkloadObject>("GET", resourcePath(kind.resource, namespace, name));
    return await project(cluster, kind, object);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What Headwind keeps of it; what it refers to is read. */
export function project({ client, env }: Cluster, kind: WorkloadPlugin, object: WorkloadObject): Promise<Workload> {
  const settings = readSettings(env);
  return projectWhole(client, kind, object, {
    pollingInterval,
    discovers: settings.HEADWIND_HELM_AUTO_DISCOVERY,
    crossNamespace: { isOn: settings.HEADWIND_CROSS_NAMESPACE, namespaces: settings.HEADWIND_NAMESPACES },
  });
}

/** @throws {Failure} where there is none of that name. `text` may be `updaterequest/NAME` or `ur/NAME` */
export async function getRequest(cluster: Cluster, text: string): Promise<UpdateRequest> {
  const { client, namespace } = cluster;
  const name = requestName(text);
  try {
    return await client.request<UpdateRequest>("GET", resourcePath(RESOURCE, namespace, name));
  } catch (error) {
    if (isNotFound(error) && /"/.test((error as Error).message)) throw await noRequest(name, cluster);
    throw error;
  }
}

/** That there is none of the name, and which may have been meant. */
export async function noRequest(name: string, cluster: Cluster): Promise<Failure> {
  const { namespace } = cluster;
  const near = await isMeant(cluster, name, [{ path: resourcePath(RESOURCE, namespace), text: (name) => name }]);
  return new Failure(`there is no UpdateRequest ${name} in namespace ${namespace}${near}`);
}

/** The name of `NAME`, `ur/NAME`, `updaterequest.headwind.sh/NAME`. */
export const requestName = (text: string): string =>
  text.replace(/^(?:ur|upd|updaterequests?)(?:\.headwind\.sh)?\//i, "");

export const fullRequestName = ({ metadata }: UpdateRequest): string => `updaterequest.headwind.sh/${metadata.name}`;
