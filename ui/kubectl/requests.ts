import { API_VERSION, RESOURCE, type UpdateRequest } from "../../core/requests/update_request.ts";
import { isNotFound } from "../../core/kube/kube_error.ts";
import { listPages } from "../../core/kube/list.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { groupOf, type Workload } from "../../core/workloads/workload.ts";
import type { Cluster } from "./cluster.ts";
import { isMeant } from "./suggest.ts";
import { Failure } from "./errors.ts";

/** All UpdateRequests of the namespace, or of all; those with such labels, where a selector is given. */
export async function listRequests(
  { client, namespace }: Cluster,
  { everywhere = false, selector }: { everywhere?: boolean; selector?: string | undefined } = {},
): Promise<UpdateRequest[]> {
  const found: UpdateRequest[] = [];
  await listPages(client, resourcePath(RESOURCE, everywhere ? undefined : namespace), {
    pageSize: 500,
    ...(selector === undefined ? {} : { query: { labelSelector: selector } }),
    signal: new AbortController().signal,
    onRestart: () => found.splice(0),
    onItem: (item) => void found.push({ ...typed, ...item as unknown as UpdateRequest }),
  });
  return found;
}

/** Those of one workload. */
export async function requestsOf(cluster: Cluster, { plugin, name }: Workload): Promise<UpdateRequest[]> {
  const { group, kind } = plugin.resource;
  return (await listRequests(cluster)).filter(({ spec: { targetRef } }) =>
    targetRef.kind === kind && groupOf(targetRef.apiVersion) === group && targetRef.name === name
  );
}

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

const typed = { apiVersion: API_VERSION, kind: "UpdateRequest" } as const;
