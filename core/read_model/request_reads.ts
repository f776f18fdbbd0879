import { API_VERSION, RESOURCE, type UpdateRequest } from "../requests/update_request.ts";
import type { KubeClient } from "../kube/client.ts";
import { listPages } from "../kube/list.ts";
import { resourcePath } from "../kube/paths.ts";
import { groupOf, type Workload } from "../workloads/workload.ts";

/** A namespace, read by somebody's own rights. */
export interface Place {
  client: KubeClient;
  namespace: string;
}

const typed = { apiVersion: API_VERSION, kind: "UpdateRequest" } as const;

/** All UpdateRequests of the namespace, or of all; those with such labels, where a selector is given. */
export async function listRequests(
  { client, namespace }: Place,
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
export async function requestsOf(place: Place, { plugin, name }: Workload): Promise<UpdateRequest[]> {
  const { group, kind } = plugin.resource;
  return (await listRequests(place)).filter(({ spec: { targetRef } }) =>
    targetRef.kind === kind && groupOf(targetRef.apiVersion) === group && targetRef.name === name
  );
}
