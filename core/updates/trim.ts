import { API_VERSION, type UpdateRequest } from "./update_request.ts";

/** An UpdateRequest without what nobody here reads (managed fields above all), so that thousands fit in memory. */
export function trim({ metadata, spec, status }: UpdateRequest): UpdateRequest {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: API_VERSION,
    kind: "UpdateRequest",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec,
    ...(status ? { status } : {}),
  };
}
