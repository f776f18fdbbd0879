import type { NewUpdateRequest } from "../updates/store.ts";
import type { TargetRef, UpdateRequest } from "../updates/update_request.ts";

/**
 * Whether what stands under a request's name is something else: written by hand, for another version or container, or so that it
 * ends by itself. Where it wishes the same it is as good as Headwind's own, such as after `kubectl headwind retry`; `currentImage` is
 * what ran when it was made.
 */
export function isSquatted({ spec: stored }: UpdateRequest, { spec }: Pick<NewUpdateRequest, "spec">): boolean {
  if (!stored.sighting && stored.expiresAt !== undefined) return true;
  return !isSameTarget(stored.targetRef, spec.targetRef) || stored.containerName !== spec.containerName ||
    stored.newImage !== spec.newImage || stored.updateType !== spec.updateType;
}

const isSameTarget = (a: TargetRef, b: TargetRef): boolean =>
  a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
