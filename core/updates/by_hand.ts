import { holdPatch, type PatchOperation, resumePatch, rollbackPatch } from "./patch.ts";
import { isDigest, isTag } from "../image/reference.ts";
import { isSameVersion, sameRepository } from "./compare.ts";
import { type HistoryEntry, readHistory } from "./history.ts";
import { type Hold, readHolds, unwrittenHolds } from "./holds.ts";
import { KubeError } from "../kube/errors.ts";
import { namedTarget } from "./rollback.ts";
import type { Slot } from "../plugin.ts";
import type { UpdateRequest } from "./update_request.ts";
import type { Workload } from "../match/workload.ts";

/** What a person wants of a container. */
export interface Wish {
  container: string;
  /** An image, or a tag of the container's own. */
  image?: string;
  by: string;
  reason?: string;
}

export interface ByHandDependencies {
  /** The workload as the API server has it now; undefined when there is none. */
  read(): Promise<Workload | undefined>;
  /** The UpdateRequests of the workload. */
  requests(): readonly UpdateRequest[];
  /** Throws `KubeError`: 422 where a test of the patch does not hold. */
  patch(workload: Workload, operations: readonly PatchOperation[]): Promise<Workload>;
  now(): Date;
}

/** What a person did, and the workload as it is then. */
export interface Done {
  workload: Workload;
  container: string;
  from: string;
  to: string;
}

/** Why it cannot be done: what is named does not exist, or there is nothing to do. */
export class NotPossible extends Error {
  override name = "NotPossible";
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

const tries = 5;

/** Takes a container back to a version of its history; what it runs now is held. One patch, so it is done or it is not. */
export function rollBackByHand(wish: Wish, dependencies: ByHandDependencies): Promise<Done> {
  return change(wish, dependencies, (workload, slot) => {
    const image = namedTarget(workload.annotations.history, slot.name, slot.current, wish.image);
    if (image === undefined) {
      const runs = wish.image !== undefined && isSameVersion(slot.current, imageOf(slot, wish.image));
      const why = runs
        ? `${slot.name} runs ${slot.current} already`
        : `the history of ${slot.name} knows no ${wish.image ?? "version to go back to"}`;
      throw new NotPossible("image", why);
    }
    if (!image.startsWith(slot.prefix)) {
      throw new NotPossible("image", `${image} is no version of what ${slot.name} holds now, ${slot.current}`);
    }
    const rollback = { by: wish.by, reason: wish.reason ?? "rolled back by hand" };
    const unwritten = unwrittenHolds(workload, { ...slot, current: image }, dependencies.requests());
    const now = dependencies.now();
    return { to: image, operations: rollbackPatch({ workload, slot, image, rollback, unwritten, now }) };
  });
}

/** Holds a version for a container, or all of them: it is not offered until a person resumes. */
export function holdByHand(wish: Wish, dependencies: ByHandDependencies): Promise<Done> {
  return change(wish, dependencies, (workload, slot) => {
    const image = wish.image === undefined ? undefined : imageOf(slot, wish.image);
    if (image !== undefined && !sameRepository(image, slot.current)) {
      throw new NotPossible("image", `${wish.image} is no version of what ${slot.name} runs, ${slot.current}`);
    }
    const hold: Hold = {
      container: slot.name,
      ...(image === undefined ? {} : { image }),
      at: dependencies.now().toISOString(),
      by: wish.by,
      reason: wish.reason ?? "held by hand",
    };
    return { to: slot.current, operations: holdPatch(workload, slot, hold) };
  });
}

/** Lets go what is held for a container: one version, or everything. */
export function resumeByHand(wish: Wish, dependencies: ByHandDependencies): Promise<Done> {
  return change(wish, dependencies, (workload, slot) => {
    const operations = resumePatch({
      workload,
      slot,
      ...(wish.image === undefined ? {} : { image: imageOf(slot, wish.image) }),
      unwritten: unwrittenHolds(workload, slot, dependencies.requests()),
      by: wish.by,
      now: dependencies.now(),
    });
    if (!operations) {
      throw new NotPossible("image", `nothing${wish.image ? ` like ${wish.image}` : ""} is held for ${slot.name}`);
    }
    return { to: slot.current, operations };
  });
}

/** The last changes of a workload, newest first, and what is held. */
export function historyOf({ annotations }: Workload): { history: readonly HistoryEntry[]; held: readonly Hold[] } {
  return { history: readHistory(annotations.history), held: readHolds(annotations.held) };
}

/** What changed in between is read again, and decided on anew. */
async function change(
  wish: Wish,
  { read, patch }: ByHandDependencies,
  decide: (workload: Workload, slot: Slot) => { to: string; operations: PatchOperation[] },
): Promise<Done> {
  for (let attempt = 1;; attempt++) {
    const workload = await read();
    if (!workload) throw new NotPossible("name", "there is no such workload");
    const slot = workload.slots.find(({ name }) => name === wish.container);
    if (!slot) throw new NotPossible("container", `there is no container ${wish.container}`);
    const { to, operations } = decide(workload, slot);
    try {
      return { workload: await patch(workload, operations), container: slot.name, from: slot.current, to };
    } catch (error) {
      const changed = error instanceof KubeError && [404, 409, 422].includes(error.status);
      if (!changed || attempt === tries) throw error;
    }
  }
}

/** A whole image, or a tag or digest of the container's own repository; of a chart its version. */
function imageOf({ type, current, prefix }: Slot, image: string): string {
  if (type === "chart") return image.startsWith(prefix) ? image : `${prefix}${image}`;
  const [, repository] = /^(.*?)(?::[^:/@]+)?(?:@.*)?$/.exec(current) ?? [];
  if (isDigest(image)) return `${repository}@${image}`;
  return isTag(image) ? `${repository}:${image}` : image;
}
