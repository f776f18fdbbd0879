import { apiVersionOf } from "../workloads/workload.ts";
import { movedTo } from "../versions/slot.ts";
import { labelsOf, updateRequestName } from "../requests/metadata.ts";
import type { UpdateRequestSpec } from "../requests/update_request.ts";
import type { NewUpdateRequest } from "../requests/store.ts";
import type { Sighting } from "../plugin.ts";
import type { ProposedUpdate } from "./wanted.ts";

/** Who brought a sighting. */
export interface Source {
  /** The trigger plugin's name. */
  trigger: string;
  /** Whether the call proved itself, or the registry itself was asked. */
  trusted: boolean;
}

/**
 * The UpdateRequest that records a want; the same want gives the same name on every replica. Where others have put something else
 * under that name, and whose uids these are, it has another.
 */
export function newRequest(
  want: ProposedUpdate,
  sighting: Sighting,
  source: Source,
  now: Date,
  taken: readonly string[] = [],
): NewUpdateRequest {
  const { workload, slot } = want.slotRef;
  const containers = want.slots.map(({ name }) => name);
  const { kind } = workload.plugin.resource;
  const apiVersion = apiVersionOf(workload.plugin.resource);
  const target = { apiVersion, kind, namespace: workload.namespace, name: workload.name };
  const newImage = movedTo(slot, want.candidate);
  const wish = { target, uid: workload.uid, containers, newImage, tag: want.candidate.tag };
  const spec: UpdateRequestSpec = {
    targetRef: target,
    updateType: slot.type === "chart" ? "helmChart" : "image",
    containerName: slot.name,
    ...(containers.length > 1 ? { containerNames: containers } : {}),
    currentImage: slot.current,
    newImage,
    policy: workload.settings!.policy.name,
    reason: want.reason,
    requireApproval: workload.settings!.requireApproval,
    sighting: { at: now.toISOString(), via: sighting.via, trigger: source.trigger, trusted: source.trusted },
  };
  return {
    metadata: {
      name: updateRequestName(wish, taken),
      namespace: workload.namespace,
      labels: labelsOf(spec),
      ownerReferences: [{ apiVersion, kind, name: workload.name, uid: workload.uid }],
    },
    spec,
  };
}
