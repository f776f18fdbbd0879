import { containersOf } from "../../core/requests/containers.ts";
import { heldWith, withOthers } from "../../core/lifecycle/manual_change.ts";
import type { PatchOperation } from "../../core/kube/client.ts";
import { holdPatch, movesTo, resumePatch, rollbackPatch } from "../../core/lifecycle/patch.ts";
import { isFinished } from "../../core/requests/update_request.ts";
import { lastEntry } from "../../core/requests/history.ts";
import { isLowerReference, runs } from "../../core/versions/compare.ts";
import { namedTarget } from "../../core/lifecycle/rollback.ts";
import type { Slot } from "../../core/plugin.ts";
import { readHolds, unwrittenHolds } from "../../core/requests/holds.ts";
import type { Workload } from "../../core/workloads/workload.ts";
import { decide, patchDeployment, remove, withDeployment } from "./api_server.ts";
import { project } from "./known.ts";
import type { Move } from "./move.ts";
import { withLeft, withoutLeft } from "./left.ts";
import { type Bounds, type Deed, type Deployment, spend, withContainer, withSetting, type World } from "./world.ts";

/** All that a person may do now. A person sees what is, and changes that. */
export function deeds(world: World, bounds: Bounds): Move[] {
  if (world.budget.deeds === 0) return [];
  const workload = project(world.deployment);
  return bounds.does.flatMap((deed) => byDeed[deed](world, workload, bounds)).map((move) => ({
    ...move,
    what: `a person ${move.what}`,
    world: { ...spend(move.world, { deeds: world.budget.deeds - 1 }), touched: touchedBy(world, move.world) },
  }));
}

/** Who changes one of the containers that were moved together has taken them all over. */
function touchedBy({ deployment, touched }: World, after: World): string[] {
  const { slots, annotations } = project(deployment);
  const changed = slots.filter(({ name, current }) => imageOf(after.deployment, name) !== current);
  const uidOf = (name: string) => lastEntry(annotations.history, name)?.updateRequestUid;
  const uids = changed.flatMap(({ name }) => uidOf(name) ?? []);
  const others = slots.filter(({ name }) => uids.includes(uidOf(name) ?? ""));
  return [...new Set([...touched, ...[...changed, ...others].map(({ name }) => name)])].sort();
}

const byDeed: Record<Deed, (world: World, workload: Workload, bounds: Bounds) => Move[]> = {
  /** Who brings a version in by hand wants it. */
  "set image": (world, workload, { images }) =>
    workload.slots.flatMap((slot) =>
      images[slot.name]!.filter((image) => image !== slot.current).map((image) => {
        const wanted = withoutLeft(world.left, slot.name, image);
        const left = isLeft(workload, slot, image) ? withLeft(wanted, slot.name, slot.current) : wanted;
        const next = withDeployment({ ...world, left }, withContainer(world.deployment, slot.name, image));
        return { what: `sets ${slot.current} to ${image} (kubectl set image)`, world: next, facts: [] };
      })
    ),

  /** An update is undone, and the annotations with it: only a status that both replicas have heard of still tells of it. */
  "undo": (world, workload) => {
    const { before, deployment } = world;
    const changed = workload.slots.filter((slot) => imageOf(before, slot.name) !== slot.current);
    const areUpdates = changed.every((slot) =>
      isLeft(workload, slot, imageOf(before, slot.name)) && isWrittenDown(world, workload, slot)
    );
    if (changed.length === 0 || !areUpdates) return [];
    const left = changed.reduce((left, slot) => withLeft(left, slot.name, slot.current), world.left);
    const { annotations } = before.metadata;
    const object = { metadata: { ...deployment.metadata, annotations }, spec: before.spec };
    const what = `takes ${changed.map(({ current }) => current).join()} back (kubectl rollout undo)`;
    return [{ what, world: withDeployment({ ...world, left }, object), facts: [] }];
  },

  "approve": (world) => decided(world, true),
  "reject": (world) => decided(world, false),

  /** Who deletes the request for a version that was left lets that memory of it go too. */
  "delete request": (world) =>
    Object.values(world.requests).flatMap((request) => {
      const { metadata, spec } = request;
      const { world: after, object } = remove(world, request);
      if (!object) return [];
      const left = containersOf(request).reduce(
        (left, name) => withoutLeft(left, name, spec.newImage),
        world.left,
      );
      const next = { ...after, left, deleted: [...world.deleted, metadata.uid] };
      return [{ what: `deletes the request for ${spec.newImage}`, world: next, facts: [] }];
    }),

  "change setting": (world, _, { sets = [] }) =>
    sets.filter(([name, value]) => world.deployment.metadata.annotations[`headwind.sh/${name}`] !== value)
      .map(([name, value]) => ({
        what: `sets ${name} to ${value}`,
        world: withDeployment(world, withSetting(world.deployment, name, value)),
        facts: [],
      })),

  "roll back": (world, workload, { images }) =>
    workload.slots.flatMap((slot) => {
      const { history } = workload.annotations;
      const named = images[slot.name]!.map((image) => namedTarget(history, slot.name, slot.current, image));
      const targets = new Set([namedTarget(history, slot.name, slot.current), ...named]);
      const rollback = { by: "ann", reason: "by hand" };
      return [...targets].flatMap((image) => {
        if (image === undefined) return [];
        const moves = movesTo(withOthers(workload, slot), image);
        const requests = Object.values(world.requests);
        const unwritten = moves.flatMap(({ slot, image }) =>
          unwrittenHolds(workload, { ...slot, current: image }, requests)
        );
        const operations = rollbackPatch({ workload, moves, rollback, unwritten, now: new Date(world.now) });
        const left = moves.reduce(
          (left, { slot, image }) => withLeft(withoutLeft(left, slot.name, image), slot.name, slot.current),
          world.left,
        );
        return changed({ ...world, left }, operations, `rolls ${slot.current} back to ${image} (Headwind's API)`);
      });
    }),

  "resume": (world, workload) =>
    workload.slots.flatMap((slot) => {
      const requests = Object.values(world.requests);
      const slots = withOthers(workload, slot);
      const also = heldWith(workload, slots, requests);
      const unwritten = slots.flatMap((slot) => unwrittenHolds(workload, slot, requests));
      const operations = resumePatch({ workload, slots, unwritten, also, by: "ann", now: new Date(world.now) });
      const mine = slots.reduce((left, { name }) => withoutLeft(left, name), world.left);
      const left = also.reduce((left, { container, image }) => withoutLeft(left, container, image), mine);
      return operations ? changed({ ...world, left }, operations, `resumes ${slot.name}`) : [];
    }),

  "hold": (world, workload, { images }) =>
    workload.slots.flatMap((slot) =>
      images[slot.name]!.filter((image) => isLowerReference("image", slot.current, image)).flatMap((image) => {
        const slots = withOthers(workload, slot);
        const at = new Date(world.now).toISOString();
        const holds = slots.map(({ name }) => ({ container: name, image, at, by: "ann", reason: "by hand" }));
        const left = slots.reduce((left, { name }) => withLeft(left, name, image), world.left);
        return changed({ ...world, left }, holdPatch(workload, slots, holds), `holds ${image}`);
      })
    ),
};

function decided(world: World, approved: boolean): Move[] {
  return Object.values(world.requests).flatMap((request) => {
    const isPending = (request.status?.phase ?? "Pending") === "Pending" && !isFinished(request);
    if (!isPending) return [];
    const { world: next, object } = decide(world, request.metadata.name, { approved, by: "ann" });
    const what = `${approved ? "approves" : "rejects"} ${request.spec.newImage}`;
    return object ? [{ what, world: next, facts: [] }] : [];
  });
}

function changed(world: World, operations: PatchOperation[], what: string): Move[] {
  const { world: next, object } = patchDeployment(world, operations);
  return object ? [{ what, world: next, facts: [] }] : [];
}

/**
 * Whether who moves a container to `image` leaves a version that Headwind brought in. One that was left before, and is
 * there since a person brought it back, is the person's own.
 */
function isLeft({ annotations }: Workload, slot: Slot, image: string): boolean {
  const entry = lastEntry(annotations.history, slot.name);
  if (!entry || !runs(slot.current, entry.image) || !isLowerReference("image", image, slot.current)) return false;
  const holds = readHolds(annotations.held).filter(({ container }) => container === slot.name);
  return !holds.some((hold) => hold.image === entry.image && hold.at >= entry.timestamp);
}

function isWrittenDown(world: World, { annotations }: Workload, slot: Slot): boolean {
  const { updateRequestName = "", updateRequestUid } = lastEntry(annotations.history, slot.name)!;
  return [world, ...world.replicas].every(({ requests }) => {
    const request = requests[updateRequestName];
    return request?.metadata.uid === updateRequestUid && request?.status?.appliedAt !== undefined;
  });
}

const imageOf = ({ spec }: Deployment, container: string): string =>
  spec.template.spec.containers.find(({ name }) => name === container)!.image;
