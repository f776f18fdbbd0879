import { API_VERSION, CHART, type UpdateRequest } from "./update_request.ts";

/**
 * An UpdateRequest without what nobody here reads (managed fields above all), so that thousands fit in memory. One of a
 * chart need not name the place of its version.
 */
export function trim({ metadata, spec, status }: UpdateRequest): UpdateRequest {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: API_VERSION,
    kind: "UpdateRequest",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec.updateType === "helmChart" && !spec.containerName ? { ...spec, containerName: CHART } : spec,
    ...(status ? { status } : {}),
  };
}
