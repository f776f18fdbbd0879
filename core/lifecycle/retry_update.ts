import { containersOf } from "../requests/containers.ts";
import { delay } from "../lib/delay.ts";
import { heldForAny, type Hold } from "../requests/holds.ts";
import { hasEnded, phaseOf, type UpdateRequest } from "../requests/update_request.ts";
import { isAlreadyExists, isConflict } from "../kube/kube_error.ts";
import { isRetryable } from "../lib/retryable.ts";
import type { NewUpdateRequest, UpdateStore } from "../requests/store.ts";
import type { PatchOperation } from "../kube/client.ts";
import { recreated, supersedesRecreated } from "./recreated_request.ts";
import { resumeManually } from "./manual_change.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";
import { versionText } from "../versions/version_text.ts";
import type { TargetRef, Workload } from "../workloads/workload.ts";

/** How requests and workloads are written, by the rights of whoever retries. All throw `KubeError`. */
export interface RetryWrites extends Pick<UpdateStore, "create" | "remove"> {
  patch(workload: Workload, operations: readonly PatchOperation[]): Promise<Workload>;
}

export interface RetryOptions {
  /** The request, as the API server has it now; undefined when there is none. */
  read(): Promise<UpdateRequest | undefined>;
  /** As the API server has it now; undefined when there is none, or nobody knows the kind. */
  workload(target: TargetRef): Promise<Workload | undefined>;
  /** The requests of a workload. */
  requests(workload: Workload): readonly UpdateRequest[] | Promise<readonly UpdateRequest[]>;
  /** Of which nothing is stored: everything is tried by it first. */
  rehearsal: RetryWrites;
  /** Absent: it is left at the rehearsal. */
  writes?: RetryWrites | undefined;
  /** Throws where it may not be done, by what is known of it then. */
  allow?(plan: RetryPlan): Promise<void>;
  /** Who makes the request anew. */
  madeBy: string;
  now(): Date;
}

/** What is to be done, as things stand. */
export interface RetryPlan {
  old: UpdateRequest;
  anew: NewUpdateRequest;
  workload: Workload;
  slots: SlotGroup;
  requests: readonly UpdateRequest[];
  /** What holds its version, and is let go. */
  hold: Hold | undefined;
}

export interface Retried extends RetryPlan {
  /** As it is stored; undefined where it was left at the rehearsal. */
  stored: UpdateRequest | undefined;
}

/** Why it is not done. */
export class RetryRefused extends Error {
  override name = "RetryRefused";
  /** The request that would have to be rejected first. */
  readonly newer: UpdateRequest | undefined;
  constructor(message: string, newer?: UpdateRequest) {
    super(message);
    this.newer = newer;
  }
}

/** The old request is gone and the new one could not be made: its cause says why. */
export class NotMadeAnew extends Error {
  override name = "NotMadeAnew";
}

const tries = 3;

/**
 * Makes a request anew that has ended: it is deleted and created again without its decision, as one that is made by hand, and what
 * holds its version is let go. Undefined when there is none of the name.
 *
 * @throws {RetryRefused} where it would come to nothing, {NotMadeAnew}, and a `KubeError` where the API server refuses
 */
export async function retryUpdate(options: RetryOptions): Promise<Retried | undefined> {
  for (let attempt = 1;; attempt++) {
    const old = await options.read();
    if (!old) return undefined;
    const plan = await planOf(old, options);
    await options.allow?.(plan);
    try {
      return await carryOut(plan, options);
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === tries) throw new RetryRefused(`${old.metadata.name} was changed by somebody else at each try`);
    }
  }
}

async function planOf(old: UpdateRequest, { workload: find, requests: list, madeBy, now }: RetryOptions) {
  const { metadata, spec } = old;
  if (!hasEnded(old)) {
    throw new RetryRefused(`${metadata.name} is ${phaseOf(old)}, and goes on by itself: there is nothing to retry`);
  }
  const { kind, apiVersion, name } = spec.targetRef;
  const workload = await find(spec.targetRef);
  if (!workload) {
    throw new RetryRefused(`${metadata.name} is for ${kind} ${name} (${apiVersion}), which does not exist`);
  }
  const [first = "", ...others] = containersOf(old);
  const slots: SlotGroup = [slotNamed(workload, first), ...others.map((name) => slotNamed(workload, name))];
  const anew = recreated(old, workload, slots, madeBy, now());
  if (typeof anew === "string") throw new RetryRefused(`${metadata.name} would come to nothing: ${anew}`);
  const requests = await list(workload);
  const newer = supersedesRecreated(old, requests);
  if (newer) {
    const why = `${newer.metadata.name} is for ${versionText(newer.spec.newImage)}, which is newer; that one first`;
    throw new RetryRefused(`${metadata.name} would come to nothing: ${why}`, newer);
  }
  return { old, anew, workload, slots, requests, hold: heldForAny(workload, slots, spec.newImage, requests) };
}

function slotNamed({ plugin, slots, name }: Workload, container: string) {
  const slot = slots.find(({ name }) => name === container);
  if (slot) return slot;
  const word = plugin.podTemplate === undefined ? "artifact" : "container";
  const others = slots.length > 0 ? `it has ${slots.map(({ name }) => name).join(", ")}` : "it has none";
  throw new RetryRefused(`${plugin.resource.kind.toLowerCase()}/${name} has no ${word} ${container}: ${others}`);
}

/** Everything is rehearsed before the first write, so that nothing is deleted that cannot be made again. */
async function carryOut(plan: RetryPlan, options: RetryOptions): Promise<Retried> {
  const { rehearsal, writes } = options;
  await create(plan, rehearsal);
  await rehearsal.remove(plan.old);
  if (plan.hold) await resume(plan, plan.hold, options, rehearsal);
  if (!writes) return { ...plan, stored: undefined };
  await writes.remove(plan.old);
  const stored = await createAfterAll(plan, options, writes);
  if (plan.hold) await resumeAll(plan, options, writes);
  return { ...plan, stored };
}

/** The request that has the name then. That there is one already is no fault: it may be the old one, or Headwind's own. */
async function create({ anew }: RetryPlan, { create }: RetryWrites): Promise<UpdateRequest | undefined> {
  try {
    return await create(anew);
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}

/** The old one is gone: whatever fails now is tried again, and told. */
async function createAfterAll(plan: RetryPlan, { read }: RetryOptions, writes: RetryWrites): Promise<UpdateRequest> {
  const { name, uid } = plan.old.metadata;
  for (let attempt = 1;; attempt++) {
    try {
      const there = await create(plan, writes) ?? await read();
      if (there && there.metadata.uid !== uid) return there;
      throw new Error("something keeps the old one from going away");
    } catch (error) {
      if (isRetryable(error) && attempt < tries) {
        await delay(500 * attempt);
        continue;
      }
      const message = `${name} is deleted but could not be made anew, so it comes back when its version is seen again`;
      throw new NotMadeAnew(message, { cause: error });
    }
  }
}

/** What else is held for the container stays so. */
async function resume(
  { old, requests, anew }: RetryPlan,
  hold: Hold,
  { workload, madeBy, now }: RetryOptions,
  { patch }: RetryWrites,
): Promise<Workload> {
  const wish = { container: hold.container, by: madeBy, image: hold.image ?? anew.spec.newImage };
  const read = () => workload(old.spec.targetRef);
  return (await resumeManually(wish, { read, requests: () => requests, patch, now })).workload;
}

/** A version may be held by several: itself, and everything. */
async function resumeAll(plan: RetryPlan, options: RetryOptions, writes: RetryWrites): Promise<void> {
  let { hold } = plan;
  const others = plan.requests.filter(({ metadata }) => metadata.uid !== plan.old.metadata.uid);
  for (let attempt = 0; hold && attempt < 10; attempt++) {
    const workload = await resume(plan, hold, options, writes);
    hold = heldForAny(workload, plan.slots, plan.anew.spec.newImage, others);
  }
}
