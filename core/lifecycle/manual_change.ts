import { withOthersOf } from "../requests/containers.ts";
import type { PatchOperation } from "../kube/client.ts";
import { haveHeld, holdPatch, movesTo, resumePatch, rollbackPatch } from "./patch.ts";
import { isDigest, isTag } from "../versions/reference.ts";
import { isSameVersion, sameRepository } from "../versions/compare.ts";
import { type HistoryEntry, readHistory } from "../requests/history.ts";
import { activeHolds, type Hold, readHolds, unwrittenHolds } from "../requests/holds.ts";
import { KubeError } from "../kube/kube_error.ts";
import { namedTarget } from "./rollback.ts";
import type { Slot } from "../plugin.ts";
import { groupOf, type SlotGroup } from "../workloads/slot_group.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/** What a person wants of a container, and of those that move together with it. */
export interface ManualChange {
  container: string;
  /** An image, or a tag of the container's own. */
  image?: string;
  by: string;
  reason?: string;
}

export interface ManualChangeOptions {
  /** The workload as the API server has it now; undefined when there is none. */
  read(): Promise<Workload | undefined>;
  /** The UpdateRequests of the workload. */
  requests(): readonly UpdateRequest[];
  /** @throws {KubeError} 422 where a test of the patch does not hold */
  patch(workload: Workload, operations: readonly PatchOperation[]): Promise<Workload>;
  now(): Date;
}

/** What a person did, and the workload as it is then. */
export interface ManualChangeResult {
  workload: Workload;
  container: string;
  /** It, and those that were changed with it, where there are any. */
  containers?: string[];
  from: string;
  to: string;
}

/** Why it cannot be done: what is named does not exist, or there is nothing to do. */
export class ManualChangeRefused extends Error {
  override name = "ManualChangeRefused";
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

const TRIES = 5;

/**
 * Takes a container back to a version of its history, and with it those that run what it runs; what they run now is held. One patch,
 * so it is done or it is not.
 */
export function rollBackManually(asked: ManualChange, options: ManualChangeOptions): Promise<ManualChangeResult> {
  return change(asked, options, (workload, slot) => {
    const slots = withOthers(workload, slot);
    const image = namedTarget(workload.annotations.history, slot.name, slot.current, asked.image);
    if (image === undefined) {
      const runs = asked.image !== undefined && isSameVersion(slot.current, imageOf(slot, asked.image));
      const why = runs
        ? `${slot.name} runs ${slot.current} already`
        : `the history of ${slot.name} knows no ${asked.image ?? "version to go back to"}`;
      throw new ManualChangeRefused("image", why);
    }
    const moves = movesTo(slots, image);
    const odd = moves.find(({ slot, image }) => !image.startsWith(slot.prefix))?.slot;
    if (odd) {
      throw new ManualChangeRefused("image", `${image} is no version of what ${odd.name} holds now, ${odd.current}`);
    }
    const rollback = { by: asked.by, reason: asked.reason ?? "rolled back by hand" };
    const unwritten = moves.flatMap(({ slot, image }) =>
      unwrittenHolds(workload, { ...slot, current: image }, options.requests())
    );
    const now = options.now();
    return { to: image, slots, operations: rollbackPatch({ workload, moves, rollback, unwritten, now }) };
  });
}

/** Holds a version, or all of them, for a container and those that move with it: it is not offered until a person resumes. */
export function holdManually(asked: ManualChange, options: ManualChangeOptions): Promise<ManualChangeResult> {
  return change(asked, options, (workload, slot) => {
    const image = asked.image === undefined ? undefined : imageOf(slot, asked.image);
    if (image !== undefined && !sameRepository(image, slot.current)) {
      throw new ManualChangeRefused("image", `${asked.image} is no version of what ${slot.name} runs, ${slot.current}`);
    }
    const slots = withOthers(workload, slot);
    const at = options.now().toISOString();
    const holds = slots.map(({ name }): Hold => ({
      container: name,
      ...(image === undefined ? {} : { image }),
      at,
      by: asked.by,
      reason: asked.reason ?? "held by hand",
    }));
    return { to: slot.current, slots, operations: holdPatch(workload, slots, holds) };
  });
}

/** Lets go what is held for a container, and for those that move with it or were held with it: one version, or everything. */
export function resumeManually(asked: ManualChange, options: ManualChangeOptions): Promise<ManualChangeResult> {
  return change(asked, options, (workload, slot) => {
    const image = asked.image === undefined ? undefined : imageOf(slot, asked.image);
    const slots = withOthers(workload, slot);
    const also = heldWith(workload, slots, options.requests(), image);
    const operations = resumePatch({
      workload,
      slots,
      ...(image === undefined ? {} : { image }),
      unwritten: slots.flatMap((slot) => unwrittenHolds(workload, slot, options.requests())),
      also,
      by: asked.by,
      now: options.now(),
    });
    if (!operations) {
      throw new ManualChangeRefused(
        "image",
        `nothing${asked.image ? ` like ${asked.image}` : ""} is held for ${slot.name}`,
      );
    }
    const apart = workload.slots.filter(({ name }) => also.some(({ container }) => container === name));
    return { to: slot.current, slots: [...slots, ...apart], operations };
  });
}

/** The last changes of a workload, newest first, and what is held. */
export function historyOf({ annotations }: Workload): { history: readonly HistoryEntry[]; held: readonly Hold[] } {
  return { history: readHistory(annotations.history), held: readHolds(annotations.held) };
}

interface PlannedChange {
  to: string;
  slots: readonly Slot[];
  operations: PatchOperation[];
}

/**
 * What changed in between is read again, and decided on anew, unless it was this very change: where its answer was lost it was sent
 * again, and its tests then do not hold.
 */
async function change(
  asked: ManualChange,
  { read, patch }: ManualChangeOptions,
  decide: (workload: Workload, slot: Slot) => PlannedChange,
): Promise<ManualChangeResult> {
  const done = (workload: Workload, slot: Slot, { to, slots }: PlannedChange): ManualChangeResult => ({
    workload,
    container: slot.name,
    ...withOthersOf(slots.map(({ name }) => name)),
    from: slot.current,
    to,
  });
  let before: { slot: Slot; change: PlannedChange } | undefined;
  for (let attempt = 1;; attempt++) {
    const workload = await read();
    if (!workload) throw new ManualChangeRefused("name", "there is no such workload");
    if (before && haveHeld(before.change.operations, workload)) return done(workload, before.slot, before.change);
    const slot = workload.slots.find(({ name }) => name === asked.container);
    if (!slot) throw new ManualChangeRefused("container", `there is no container ${asked.container}`);
    const change = decide(workload, slot);
    before = { slot, change };
    try {
      return done(await patch(workload, change.operations), slot, change);
    } catch (error) {
      const changed = error instanceof KubeError && [404, 409, 422].includes(error.status);
      if (!changed || attempt === TRIES) throw error;
    }
  }
}

/** A slot, and after it those that move together with it. */
export function withOthers({ slots }: Workload, slot: Slot): SlotGroup {
  return [slot, ...groupOf(slots, slot).filter(({ name }) => name !== slot.name)];
}

/** The holds of other containers that were made at the same moment as those of these, which have moved apart from them since. */
export function heldWith(
  workload: Workload,
  slots: SlotGroup,
  requests: readonly UpdateRequest[],
  image?: string,
): Hold[] {
  const holdsOf = (slot: Slot) =>
    activeHolds(workload, slot, requests).filter((hold) =>
      image === undefined || hold.image === undefined || isSameVersion(hold.image, image)
    );
  const mine = slots.flatMap(holdsOf);
  return workload.slots.filter((other) => !slots.includes(other) && sameRepository(other.current, slots[0].current))
    .flatMap(holdsOf)
    .filter((hold) =>
      mine.some(({ at, by, image = "" }) => at === hold.at && by === hold.by && isSameVersion(image, hold.image ?? ""))
    );
}

/** A whole image, or a tag or digest of the container's own repository; of a chart its version. */
function imageOf({ type, current, prefix }: Slot, image: string): string {
  if (type === "chart") return image.startsWith(prefix) ? image : `${prefix}${image}`;
  const [, repository] = /^(.*?)(?::[^:/@]+)?(?:@.*)?$/.exec(current) ?? [];
  if (isDigest(image)) return `${repository}@${image}`;
  return isTag(image) ? `${repository}:${image}` : image;
}
