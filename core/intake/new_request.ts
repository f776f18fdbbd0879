import { isForSame } from "../requests/containers.ts";
import { isSameTarget, targetOf } from "../workloads/workload.ts";
import { labelsOf, updateRequestName } from "../requests/metadata.ts";
import { movedTo } from "../versions/slot_reference.ts";
import type { NewUpdateRequest } from "../requests/store.ts";
import type { ProposedUpdate } from "./proposed_updates.ts";
import type { Sighting } from "../plugin.ts";
import type { UpdateRequest, UpdateRequestSpec } from "../requests/update_request.ts";

/** Who brought a sighting. */
export interface Source {
  /** The trigger plugin's name. */
  trigger: string;
  /** Whether the call proved itself, or the registry itself was asked. */
  trusted: boolean;
}

/**
 * The UpdateRequest that records a proposed update; the same update gives the same name on every replica.
 *
 * @param taken uids of those that others have put under the names before this one, for something else
 */
export function newRequest(
  update: ProposedUpdate,
  sighting: Sighting,
  source: Source,
  now: Date,
  taken: readonly string[] = [],
): NewUpdateRequest {
  const { slotRef: { workload, slot }, candidate } = update;
  const containers = update.slots.map(({ name }) => name);
  const target = targetOf(workload);
  const newImage = movedTo(slot, candidate);
  const trusted = source.trusted && !update.unconfirmed;
  const spec: UpdateRequestSpec = {
    targetRef: target,
    updateType: slot.type === "chart" ? "helmChart" : "image",
    containerName: slot.name,
    ...(containers.length > 1 ? { containerNames: containers } : {}),
    currentImage: slot.current,
    newImage,
    policy: workload.settings!.policy.name,
    reason: update.reason,
    requireApproval: workload.settings!.requireApproval,
    sighting: { at: now.toISOString(), via: sighting.via, trigger: source.trigger, trusted },
  };
  const { apiVersion, kind, name } = target;
  const { uid } = workload;
  return {
    metadata: {
      name: updateRequestName({ target, uid, containers, newImage, tag: candidate.tag }, taken),
      namespace: workload.namespace,
      labels: labelsOf(spec),
      ownerReferences: [{ apiVersion, kind, name, uid }],
    },
    spec,
  };
}

/** The request of an update, or the one that it has where others have taken its names. */
export type RequestOf = (update: ProposedUpdate, taken?: readonly string[]) => NewUpdateRequest;

/** Makes the requests of one sighting; that of an update is made, and its name hashed, once. */
export function createRequestOf(sighting: Sighting, source: Source, now: () => Date): RequestOf {
  const made = new WeakMap<ProposedUpdate, NewUpdateRequest>();
  return (update, taken = []) => {
    if (taken.length > 0) return newRequest(update, sighting, source, now(), taken);
    const request = made.get(update) ?? newRequest(update, sighting, source, now());
    made.set(update, request);
    return request;
  };
}

/**
 * Whether what stands under a request's name is for another update: written by hand, for another version or container, or so that
 * it ends by itself. Where it is for the same it is as good as Headwind's own, such as after `kubectl headwind retry`;
 * `currentImage` is what ran when it was made.
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
