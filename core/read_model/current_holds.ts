import { type Hold, readHolds, unwrittenHolds } from "../requests/holds.ts";
import { isSameVersion, readReference } from "../versions/compare.ts";
import type { Slot } from "../plugin.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import { versionText } from "../versions/version_text.ts";
import type { Workload } from "../workloads/workload.ts";

/** What a person can do next. Each face says in its own way how: the command line by a command, a page by a button. */
export type Action = { type: "approve" | "retry"; updateRequest: string } | Resume;

/** Lets go what is held for a container: a version, or everything where none is named. */
export interface Resume {
  type: "resume";
  workload: Workload;
  slot: Slot;
  image?: string;
}

/**
 * What lets a version go which one of the active holds of its container holds. Where that is held with everything else, it lets
 * everything go.
 */
export function resumeOf(
  { workload, slot, image, active }: { workload: Workload; slot: Slot; image: string; active: readonly Hold[] },
): Resume {
  const holds = active.filter((hold) => hold.image === undefined || isSameVersion(hold.image, image));
  const others = workload.settings?.verification.holdAll ? active.length - holds.length : 0;
  const alone = holds.length > 0 && others === 0 && holds.every((hold) => hold.image !== undefined);
  return { type: "resume", workload, slot, ...(alone ? { image } : {}) };
}

/** Whether a hold is of a version that is named by its tag or as a whole image; one of everything is of none. */
export function isHeldAs({ image }: Hold, version: string): boolean {
  return image !== undefined && (isSameVersion(image, version) || readReference(image)?.tag === version);
}

/** What is held, in a word. */
export const heldText = ({ image }: Hold): string => image === undefined ? "everything" : versionText(image);

/** All that is held, of containers that are not there any more too. Pure. */
export function holdsOf(workload: Workload, requests: readonly UpdateRequest[]): Hold[] {
  return [
    ...readHolds(workload.annotations.held).filter(({ resumedAt }) => resumedAt === undefined),
    ...unwrittenOf(workload, requests),
  ];
}

/** What a request holds that no annotation says yet. Pure. */
export const unwrittenOf = (workload: Workload, requests: readonly UpdateRequest[]): Hold[] =>
  workload.slots.flatMap((slot) => unwrittenHolds(workload, slot, requests));
