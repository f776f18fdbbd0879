import { reasonFacts } from "../requests/reasons.ts";
import type { NewUpdateRequest } from "../requests/store.ts";
import { judgeVersion, obsoleteStatus, supersededBy } from "./obsolete.ts";
import { runs } from "../versions/compare.ts";
import { labelsOf } from "../requests/metadata.ts";
import type { Slot } from "../plugin.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";
import { slotsText, theyRun } from "../requests/containers.ts";
import { isFinished, type UpdateRequest, type UpdateRequestSpec } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/**
 * The request as `madeBy` makes it: of the same name, without its decision and without the sighting, which is for
 * Headwind alone to write, from what runs now. Or a sentence, why it would be finished as soon as Headwind looks at it.
 * Pure.
 */
export function recreated(
  old: UpdateRequest,
  workload: Workload,
  slots: SlotGroup,
  madeBy: string,
  now: Date,
): NewUpdateRequest | string {
  const { name, namespace, labels, ownerReferences, creationTimestamp } = old.metadata;
  const { decision: _, sighting, ...wish } = old.spec;
  const [slot] = slots;
  if (slots.every(({ current }) => runs(current, wish.newImage))) {
    return `${slotsText(slots)} ${theyRun(slots)} ${wish.newImage} already`;
  }
  const spec: UpdateRequestSpec = {
    ...wish,
    madeBy,
    currentImage: slot.current,
    ...(wish.expiresAt ? { expiresAt: later(wish.expiresAt, creationTimestamp, now) } : {}),
    ...reasonNow(old, workload, slot),
  };
  const obsolete = obsoleteStatus({ ...old, spec: { ...spec, ...(sighting ? { sighting } : {}) } }, workload, slots);
  if (obsolete && !reasonFacts(obsolete.reason)?.ofSightingsOnly) return obsolete.message;
  return {
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...labelsOf(spec) },
      ...(ownerReferences ? { ownerReferences } : {}),
    },
    spec,
  };
}

/** The request that one which is made anew by hand would give way to at once; undefined where there is none. */
export function supersedesRecreated(old: UpdateRequest, requests: readonly UpdateRequest[]): UpdateRequest | undefined {
  const { decision: _, sighting: __, ...spec } = old.spec;
  const standing = requests.filter((other) => other.metadata.uid !== old.metadata.uid && !isFinished(other));
  return supersededBy({ ...old, spec }, standing, () => true);
}

/** As long after now as it was after its creation. */
function later(expiresAt: string, creationTimestamp: string, now: Date): string {
  return new Date(now.getTime() + Date.parse(expiresAt) - Date.parse(creationTimestamp)).toISOString();
}

/** What the policy says of the version beside what runs now. */
function reasonNow({ spec }: UpdateRequest, { settings }: Workload, slot: Slot): { reason?: string } {
  return spec.sighting && settings ? { reason: judgeVersion(settings, slot, spec.newImage).message } : {};
}
