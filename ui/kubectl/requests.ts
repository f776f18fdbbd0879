import { isNotFound, RESOURCE, resourcePath, type UpdateRequest } from "../../core/ui.ts";
import type { Cluster } from "./cluster.ts";
import { isMeant } from "./suggest.ts";
import { Failure } from "./errors.ts";

/** Throws `Failure` where there is none of that name. `text` may be `updaterequest/NAME` or `ur/NAME`. */
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
