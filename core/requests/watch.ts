import type { KubeClient } from "../kube/client.ts";
import { type ListWatch, listWatch } from "../kube/watch.ts";
import { RESOURCE, type UpdateRequest } from "./update_request.ts";
import { resourcePath } from "../kube/paths.ts";
import { setApartAfterMs } from "../kube/set_apart.ts";
import { trim } from "./trim.ts";

export interface UpdateSourceOptions {
  client: KubeClient;
  /** Empty: all. */
  namespaces: readonly string[];
  /** `isTruth` as in `listWatch`. */
  onUpsert(request: UpdateRequest, isTruth: boolean): void;
  /** Key is `namespace/name`. */
  onDelete(key: string): void;
  onError(error: Error, namespace: string | undefined): void;
  /** A watch was opened: what went wrong before does not any more. */
  onOpen?(namespace: string | undefined): void;
}

/** Watches the UpdateRequests of the namespaces; call it once. */
export function watchUpdateRequests(options: UpdateSourceOptions): ListWatch[] {
  const places = options.namespaces.length > 0 ? options.namespaces : [undefined];
  return places.map((namespace) =>
    listWatch<UpdateRequest>({
      client: options.client,
      path: resourcePath(RESOURCE, namespace),
      project: (object) => trim(object as unknown as UpdateRequest),
      onUpsert: (_key, request, isTruth) => options.onUpsert(request, isTruth),
      onDelete: options.onDelete,
      onError: (error) => options.onError(error, namespace),
      onOpen: () => options.onOpen?.(namespace),
      forbiddenIsListedAfterMs: setApartAfterMs(options.namespaces),
    })
  );
}
