import { GATES } from "./gates.ts";
import { AUTO_ROLLBACK, DECIDING_ANNOTATIONS } from "../workloads/annotations.ts";
import { HEADWIND } from "../requests/actors.ts";
import type { Slot } from "../plugin.ts";
import { tagOfChartVersion } from "../versions/chart_repository.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import { type Hold, readHolds, withHolds } from "../requests/holds.ts";
import { type Rollback, withEntries, withVerified } from "../requests/history.ts";
import { containersOf } from "../requests/containers.ts";
import type { PatchOperation } from "../kube/client.ts";
import { isSameVersion } from "../versions/compare.ts";
import { chartOf, versionIn, writtenIn } from "../versions/slot_reference.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Move, PatchStep } from "./step.ts";

const annotations = "/metadata/annotations";
const annotation = (name: string) => `${annotations}/headwind.sh~1${name}`;

/**
 * The JSON patch that brings a version into slots of a workload, all at once. It tests everything that it was decided on, what is held
 * too, so that the API server refuses it (422) when a person changed any of that in between; and it writes the history in the
 * same call, so that neither can be without the other.
 */
export function applyPatch(
  request: UpdateRequest,
  workload: Workload,
  slots: readonly Slot[],
  now: Date,
): PatchOperation[] {
  const { spec, metadata } = request;
  const written = workload.annotations;
  const timestamp = now.toISOString();
  const moves = movesTo(slots, spec.newImage, containersOf(request)[0]);
  const entries = moves.map(({ slot, image }) => ({
    container: slot.name,
    image,
    previousImage: slot.current,
    timestamp,
    updateRequestName: metadata.name,
    updateRequestUid: metadata.uid,
    ...(spec.decision ? { approvedBy: spec.decision.by } : {}),
  }));
  return [
    ...testsOf(workload, slots),
    ...annotationTests(workload, ["update-history", "held"]),
    ...settingsTests(workload, decidingFor(request)),
    ...moves.map(putVersion),
    { op: "add", path: annotation("update-history"), value: withEntries(written.history, entries) },
    { op: "add", path: annotation("last-update"), value: timestamp },
  ];
}

/** What each slot is to hold to be at a version: the one that `image` was written for that itself, the others as they write theirs. */
export function movesTo(slots: readonly Slot[], image: string, first = slots[0]?.name): Move[] {
  return slots.map((slot) => ({ slot, image: slot.name === first ? image : writtenIn(slot, image) }));
}

/** The JSON patch that takes containers back, all at once, writes that into the history, and holds what was left. */
export function rollbackPatch(
  { workload, moves, rollback, unwritten = [], updateRequest, decidedBy = [], now }: {
    workload: Workload;
    moves: readonly Move[];
    rollback: Omit<Rollback, "of">;
    /** What is held without being written down: the change would hide that. */
    unwritten?: readonly Hold[];
    /** The request whose version is left, where there is one. */
    updateRequest?: UpdateRequest;
    /** The settings that ask for it, where no person does. */
    decidedBy?: readonly string[];
    now: Date;
  },
): PatchOperation[] {
  const written = workload.annotations;
  const timestamp = now.toISOString();
  const entries = moves.map(({ slot, image }) => ({
    container: slot.name,
    image,
    previousImage: slot.current,
    timestamp,
    ...(updateRequest ? { updateRequestName: updateRequest.metadata.name } : {}),
    rollback: { of: slot.current, ...rollback },
  }));
  const holds = moves.map(({ slot }) => ({ container: slot.name, image: slot.current, at: timestamp, ...rollback }));
  const slots = moves.map(({ slot }) => slot);
  return [
    ...testsOf(workload, slots),
    ...annotationTests(workload, ["update-history", "held"]),
    ...settingsTests(workload, decidedBy),
    ...moves.map(putVersion),
    { op: "add", path: annotation("update-history"), value: withEntries(written.history, entries) },
    { op: "add", path: annotation("last-update"), value: timestamp },
    { op: "add", path: annotation("held"), value: withHolds(written.held, [...holds, ...[...unwritten].reverse()]) },
  ];
}

/** The JSON patch that marks the last change of each of these slots as verified. */
export function verifiedPatch(workload: Workload, slots: readonly Slot[]): PatchOperation[] {
  const history = withVerified(workload.annotations.history, slots.map(({ name }) => name));
  return [
    ...testsOf(workload, slots),
    ...annotationTests(workload, ["update-history"]),
    { op: "add", path: annotation("update-history"), value: history },
  ];
}

/** The JSON patch that holds versions, a hold for each container. It tests `slots`, which they were decided on. */
export function holdPatch(workload: Workload, slots: readonly Slot[], holds: readonly Hold[]): PatchOperation[] {
  return [
    ...testsOf(workload, slots),
    ...annotationTests(workload, ["held"]),
    { op: "add", path: annotation("held"), value: withHolds(workload.annotations.held, holds) },
  ];
}

/**
 * The JSON patch that lets go what is held for containers: the version of `image`, or everything. What is held stays in the
 * annotation, as resumed; `unwritten` is what is held without being written there. Undefined where none of that is held.
 */
export function resumePatch(
  { workload, slots, image, unwritten, also = [], by, now }: {
    workload: Workload;
    slots: readonly Slot[];
    image?: string;
    unwritten: readonly Hold[];
    /** Holds of other containers, which go with them. */
    also?: readonly Hold[];
    by: string;
    now: Date;
  },
): PatchOperation[] | undefined {
  const mine = [...readHolds(workload.annotations.held), ...unwritten].filter((hold) =>
    slots.some(({ name }) => name === hold.container) && hold.resumedAt === undefined &&
    (image === undefined || hold.image === undefined || isSameVersion(hold.image, image))
  );
  if (mine.length === 0) return undefined;
  const resumed = { resumedAt: now.toISOString(), resumedBy: by };
  const text = withHolds(workload.annotations.held, [...mine, ...also].map((hold) => ({ ...hold, ...resumed })));
  return [
    ...testsOf(workload, slots),
    ...annotationTests(workload, ["held"]),
    { op: "add", path: annotation("held"), value: text },
  ];
}

/** Whether these operations were done: the annotation `held` that they write has their time in it, and stands in the workload. */
export function haveHeld(operations: readonly PatchOperation[], { annotations: { held } }: Workload): boolean {
  return held !== undefined &&
    operations.some(({ op, path, value }) => op === "add" && path === annotation("held") && value === held);
}

function testsOf(workload: Workload, slots: readonly Slot[]): PatchOperation[] {
  return [
    test("/metadata/uid", workload.carrier?.uid ?? workload.uid),
    ...(workload.carrier?.allowFrom === undefined ? [] : [test(annotation("allow-from"), workload.carrier.allowFrom)]),
    ...slots.flatMap((slot) => [
      ...slot.guards.map(({ pointer, value }) => test(pointer, value)),
      test(slot.pointer, slot.unwritten ? undefined : textOf(slot, slot.current)),
    ]),
  ];
}

function putVersion({ slot, image }: Move): PatchOperation {
  return { op: slot.unwritten ? "add" : "replace", path: slot.pointer, value: textOf(slot, image) };
}

/**
 * What is written in a slot for this reference.
 *
 * @throws for one of another repository or chart
 */
export function textOf(slot: Slot, reference: string): string {
  if (!reference.startsWith(slot.prefix)) throw new Error(`${reference} is no version of ${chartOf(slot)}`);
  const text = versionIn(slot, reference);
  return slot.asTag ? tagOfChartVersion(text) : text;
}

const fields = { "update-history": "history", held: "held" } as const;

/** Tests that annotations are as they were read. Where there are none at all, it also makes the map. */
function annotationTests({ annotations: written }: Workload, names: (keyof typeof fields)[]): PatchOperation[] {
  if (!written.any) return [test(annotations, undefined), { op: "add", path: annotations, value: {} }];
  return names.map((name) => test(annotation(name), written[fields[name]]));
}

const TIME_GATE_ANNOTATIONS = GATES.flatMap(({ opensBy, annotation }) =>
  opensBy === "time" && annotation !== undefined ? [annotation] : []
);

/** The settings that a request is judged by: of one made by hand those of gates that time opens. */
function decidingFor({ spec }: UpdateRequest): readonly string[] {
  if (!spec.sighting) return TIME_GATE_ANNOTATIONS;
  return DECIDING_ANNOTATIONS.filter((name) => name !== "require-approval" || !spec.decision);
}

/**
 * Tests that settings are as they were read. Those of a workload whose versions stand in another object cannot be tested
 * in a patch of that one: they are read anew just before.
 */
function settingsTests(
  { annotations: { any, settings }, carrier }: Workload,
  names: readonly string[],
): PatchOperation[] {
  if (carrier || !any || !settings) return [];
  return names.map((name) => test(annotation(name), settings[name]));
}

/** A test for null holds where there is nothing. */
const test = (path: string, value: unknown): PatchOperation => ({ op: "test", path, value: value ?? null });

/** The JSON patch that does a step. */
export function patchOf(step: PatchStep, now: Date): PatchOperation[] {
  const { request, workload, slots } = step;
  switch (step.type) {
    case "apply":
      return applyPatch(request, workload, slots, now);
    case "mark verified":
      return verifiedPatch(workload, slots);
    case "hold":
      return holdPatch(workload, slots, step.holds);
    case "roll back": {
      const rollback = { by: HEADWIND, reason: step.reason };
      const { moves } = step;
      return rollbackPatch({ workload, moves, rollback, updateRequest: request, decidedBy: [AUTO_ROLLBACK], now });
    }
  }
}
