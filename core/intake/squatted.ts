import type { NewUpdateRequest } from "../requests/store.ts";
import { isForSame } from "../requests/containers.ts";
import type { TargetRef } from "../workloads/workload.ts";
import type { UpdateRequest, UpdateRequestSpec } from "../requests/update_request.ts";

/**
 * Whether what stands under a request's name is something else: written by hand, for another version or container, or so that it
 * ends by itself. Where it wishes the same it is as good as Headwind's own, such as after `kubectl headwind retry`; `currentImage` is
 * what ran when it was made.
 */
export function isOtherUpdate({ spec: stored }: UpdateRequest, { spec }: Pick<NewUpdateRequest, "spec">): boolean {
  if (!stored.sighting && stored.expiresAt !== undefined) return true;
  return !isSameTarget(stored.targetRef, spec.targetRef) || !isForThese(stored, spec) ||
    stored.newImage !== spec.newImage || stored.updateType !== spec.updateType;
}

/** Where the API server's schema is older than the list of containers, it keeps only the first of what Headwind wrote. */
const isForThese = (stored: UpdateRequestSpec, spec: UpdateRequestSpec): boolean =>
  isForSame({ spec: stored }, { spec }) ||
  (stored.sighting !== undefined && stored.containerNames === undefined && stored.containerName === spec.containerName);

const isSameTarget = (a: TargetRef, b: TargetRef): boolean =>
  a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
