import { runToEnd } from "../../core/lib/time_slices.ts";
import { containersOf, isFor, isForSame, slotsOf } from "../../core/requests/containers.ts";
import { groupOf, isOneGroup } from "../../core/workloads/slot_group.ts";
import { heldForAny } from "../../core/requests/holds.ts";
import { canRecreate } from "../../core/requests/recreate.ts";
import { isLowerReference, runs } from "../../core/versions/compare.ts";
import { repositoryOf } from "../../core/versions/slot_reference.ts";
import { includesSlot } from "../../core/workloads/event_sources.ts";
import { proposeUpdates } from "../../core/intake/proposed_updates.ts";
import type { Slot } from "../../core/plugin.ts";
import type { Workload } from "../../core/workloads/workload.ts";
import { isFinished, type UpdateRequest } from "../../core/requests/update_request.ts";
import type { PatchStep } from "../../core/lifecycle/step.ts";
import type { Fact, Move } from "./move.ts";
import { project } from "./known.ts";
import type { Deployment, World } from "./world.ts";

/** The promises of the design, in the order in which they are checked. */
export type Promised =
  | "nothing acknowledged is lost"
  | "one sighting, one request"
  | "nothing is applied twice"
  | "one pod, one version"
  | "never down"
  | "a person's change is never overwritten"
  | "a held version is neither offered nor applied"
  | "a hold is remembered"
  | "nothing is applied without the approval that it needs"
  | "what a person sets counts when it is applied"
  | "what is finished stays so"
  | "what is said is true"
  | "each count of pods is told once, in order"
  | "what is brought in and runs is judged"
  | "the world comes to rest";

export interface Breach {
  promise: Promised;
  how: string;
}

/** What a move breaks, if anything. */
export function breachOf(before: World, { facts, world }: Move): Breach | undefined {
  for (const fact of facts) {
    const breach = byFact(fact, before, world);
    if (breach) return breach;
  }
  const isChanged = world.deployment !== before.deployment || world.requests !== before.requests;
  return isChanged ? forgotten(world) : undefined;
}

function byFact(fact: Fact, before: World, after: World): Breach | undefined {
  switch (fact.type) {
    case "created":
      return double(fact.request, before) ??
        (fact.isInformed ? offered(fact.request, before) ?? inPieces(fact.request, before) : undefined);
    case "removed":
      return isFinished(fact.request)
        ? undefined
        : { promise: "nothing acknowledged is lost", how: `${fact.request.metadata.name} was removed unfinished` };
    case "acknowledged":
      return after.requests[fact.name] || (fact.known && (isFinished(fact.known) || isDeleted(fact.known, before)))
        ? undefined
        : { promise: "nothing acknowledged is lost", how: `there is no ${fact.name}` };
    case "statusWritten":
      return undone(fact.before, fact.after) ?? untrue(fact.after, before) ?? twice(fact.before, fact.after);
    case "patched":
      return changed(fact.step, fact.after, before);
  }
}

/** By a person: who is told of it before the replica hears of that is told of what was there. */
const isDeleted = ({ metadata }: UpdateRequest, { deleted }: World): boolean => deleted.includes(metadata.uid);

function double({ metadata, spec }: UpdateRequest, before: World): Breach | undefined {
  const other = Object.values(before.requests).find((other) =>
    isForSame(other, { spec }) && other.spec.newImage === spec.newImage
  );
  return other && {
    promise: "one sighting, one request",
    how: `${metadata.name} and ${other.metadata.name} are both for ${spec.newImage}`,
  };
}

/** Whether a request is for fewer containers than move together, or more, but for those that others are for already. */
function inPieces(request: UpdateRequest, world: World): Breach | undefined {
  const { slots } = project(world.deployment);
  const names = containersOf(request);
  const asked = Object.values(world.requests).filter((other) =>
    !isFinished(other) && other.spec.newImage === request.spec.newImage
  );
  const all = groupOf(slots, slots.find(({ name }) => name === names[0])!).map(({ name }) => name)
    .filter((name) => names.includes(name) || !asked.some((other) => isFor(other, name)));
  return names.every((name) => all.includes(name)) && names.length === all.length
    ? undefined
    : { promise: "one pod, one version", how: `${request.metadata.name} is for ${names}, and ${all} move together` };
}

/** Whether a request is for what is held, and does not say so. */
export function offered(request: UpdateRequest, world: World): Breach | undefined {
  const { spec, status } = request;
  return status?.phase !== "Held" && containersOf(request).some((name) => isLeft(world, name, spec.newImage))
    ? { promise: "a held version is neither offered nor applied", how: `${spec.newImage} is held, and was offered` }
    : undefined;
}

function undone(before: UpdateRequest, after: UpdateRequest): Breach | undefined {
  const [was, is] = [before.status?.phase, after.status?.phase];
  const mayBeLeft = was === "Completed" && (is === "Held" || is === "RolledBack");
  return isFinished(before) && was !== is && !mayBeLeft
    ? { promise: "what is finished stays so", how: `${before.metadata.name} was ${was}, and is ${is}` }
    : undefined;
}

/** A sample says other counts than the one before, and a write for a sample alone comes no sooner than five seconds after that. */
function twice(before: UpdateRequest, after: UpdateRequest): Breach | undefined {
  const [was, is] = [before.status?.rollout ?? [], after.status?.rollout ?? []];
  const isAlone = was.length > 0 && is !== was && after.status?.steps === before.status?.steps;
  const wrong = is.find((sample, index) => {
    const last = is[index - 1];
    if (!last) return false;
    const isSame = sample.old === last.old && sample.new === last.new && sample.ready === last.ready;
    const apart = Date.parse(sample.at) - Date.parse(last.at);
    return isSame || apart < 0 || (isAlone && index >= was.length && apart < 5000);
  });
  return wrong && {
    promise: "each count of pods is told once, in order",
    how: `${after.metadata.name} has ${JSON.stringify(wrong)} in ${JSON.stringify(is)}`,
  };
}

/** What ends a request since the workload has moved must be so when it is written, or a version that is wanted is lost. */
function untrue(request: UpdateRequest, { deployment }: World): Breach | undefined {
  const { metadata, spec, status } = request;
  const slots = slotsOf(request, project(deployment));
  const { current } = slots[0]!;
  const { phase, reason } = status?.steps?.at(-1) ?? {};
  const isTrue = reason === "AlreadyRuns"
    ? slots.every(({ current }) => runs(current, spec.newImage))
    : reason === "MovedBack"
    ? isLowerReference("image", current, spec.currentImage)
    : reason === "Moved"
    ? slots.some(({ current }) => !runs(current, spec.newImage))
    : reason === "MovedApart"
    ? !isOneGroup(slots)
    : reason && bySettings.includes(reason)
    ? slots.every((slot) => isRefusedBySettings(deployment, slot, spec.newImage))
    : true;
  return isTrue
    ? undefined
    : { promise: "what is said is true", how: `${metadata.name} is ${phase} (${reason}), but ${current} runs` };
}

const bySettings = ["PolicyRefuses", "ImageLeftOut", "EventSourceRefuses", "Unmanaged"];

/** Whether what the workload says does not let a webhook bring this version in. */
function isRefusedBySettings(deployment: Deployment, slot: Slot, image: string): boolean {
  const workload = project(deployment);
  const [tag = ""] = image.split(":").slice(-1);
  const artifact = { type: "image", repository: repositoryOf(slot)! } as const;
  const sighting = { artifact, versions: [{ tag }], via: "webhook", complete: false } as const;
  return runToEnd(proposeUpdates(sighting, [{ workload, slot }])).length === 0;
}

function changed(step: PatchStep, deployment: Deployment, before: World): Breach | undefined {
  const { type, slots, workload, request } = step;
  const [was, is] = [project(before.deployment), project(deployment)];
  for (const { name, current } of is.slots) {
    const old = was.slots.find((slot) => slot.name === name)!.current;
    if (old === current) continue;
    const read = workload.slots.find((slot) => slot.name === name)!.current;
    if (read !== old) {
      return { promise: "a person's change is never overwritten", how: `${old} was replaced, but ${read} was read` };
    }
    if (type !== "roll back" && isLowerReference("image", current, old)) {
      return { promise: "never down", how: `${old} was replaced by ${current}` };
    }
  }
  for (const one of ["history", "held"] as const) {
    const isChanged = was.annotations[one] !== is.annotations[one];
    if (isChanged && was.annotations[one] !== workload.annotations[one]) {
      return { promise: "a person's change is never overwritten", how: `the annotation ${one} had changed since` };
    }
  }
  if (type === "apply" || type === "roll back") {
    const now = slots.map(({ name }) => is.slots.find((slot) => slot.name === name)!.current);
    if (now.some((current) => current !== now[0])) {
      return { promise: "one pod, one version", how: `${type} left ${now.join(" beside ")}` };
    }
  }
  const ofThatSet = unset(step, was);
  if (ofThatSet) return { promise: "what a person sets counts when it is applied", how: ofThatSet };
  if (type === "roll back" && step.moves.some(({ slot, image }) => isLeft(before, slot.name, image))) {
    return {
      promise: "a held version is neither offered nor applied",
      how: `${step.moves[0].image} is held, and was gone back to`,
    };
  }
  if (type !== "apply") return undefined;
  if (slots.some(({ name }) => isLeft(before, name, request.spec.newImage))) {
    const how = `${request.spec.newImage} is held, and was applied`;
    return { promise: "a held version is neither offered nor applied", how };
  }
  if (before.applied.includes(request.metadata.uid)) {
    return { promise: "nothing is applied twice", how: `${request.metadata.name} was applied before` };
  }
  const { requireApproval, decision } = request.spec;
  return requireApproval !== false && decision?.approved !== true
    ? {
      promise: "nothing is applied without the approval that it needs",
      how: `nobody approved ${request.metadata.name}`,
    }
    : undefined;
}

/** What the workload says, as it is when a step is done, that forbids it. */
function unset({ type, slots, request }: PatchStep, { settings }: Workload): string | undefined {
  if (type === "roll back" && !settings?.verification.autoRollback) return "auto-rollback is not set";
  if (type !== "apply") return undefined;
  if (!settings) return "nothing is set any more";
  const { decision, newImage } = request.spec;
  if (settings.requireApproval && !decision?.approved) return `${newImage} is to be approved by now`;
  if (!["webhook", "both"].includes(settings.eventSource)) return `event-source is ${settings.eventSource}`;
  const leftOut = slots.find((slot) => !includesSlot(settings, slot));
  if (leftOut) return `${leftOut.current} is left out`;
  return settings.policy.name === "none" ? "the policy is none" : undefined;
}

/** A version that was left, and is higher than what runs, would be offered again if it were seen again. */
function forgotten({ deployment, requests, left }: World): Breach | undefined {
  const workload = project(deployment);
  const all = Object.values(requests);
  for (const entry of left) {
    const [container, image] = entry.split(" ") as [string, string];
    const slot = workload.slots.find(({ name }) => name === container)!;
    const slots = groupOf(workload.slots, slot);
    if (!isLowerReference("image", slot.current, image) || heldForAny(workload, slots, image, all)) continue;
    const request = all.find((one) => isFor(one, container) && one.spec.newImage === image);
    if (request && !canRecreate(request, { workload, slot })) continue;
    return { promise: "a hold is remembered", how: `${image} was left, and would be offered again if it were seen` };
  }
}

function isLeft({ left, deployment }: World, container: string, image: string): boolean {
  const all = project(deployment).settings?.verification.holdAll;
  return left.some((entry) => entry === `${container} ${image}` || (all && entry.startsWith(`${container} `)));
}
