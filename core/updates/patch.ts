import { decidingSettings } from "../annotations.ts";
import type { Slot } from "../plugin.ts";
import { tagOfChartVersion } from "../charts/oci.ts";
import type { UpdateRequest } from "./update_request.ts";
import { type Hold, readHolds, withHold } from "./holds.ts";
import { type Rollback, withEntry, withVerified } from "./history.ts";
import { isSameVersion } from "./compare.ts";
import { chartOf, versionIn } from "./slot_text.ts";
import type { Workload } from "../match/workload.ts";

/** RFC 6902. */
export type PatchOperation = { op: "test" | "add" | "replace"; path: string; value: unknown };

const annotations = "/metadata/annotations";
const annotation = (name: string) => `${annotations}/headwind.sh~1${name}`;

/**
 * The JSON patch that brings a version into a workload. It tests everything that it was decided on and replaces, so
 * that the API server refuses it (422) when a person changed any of that in between; and it writes the history in the
 * same call, so that neither can be without the other.
 */
export function applyPatch(request: UpdateRequest, workload: Workload, slot: Slot, now: Date): PatchOperation[] {
  const { spec, metadata } = request;
  const written = workload.annotations;
  const timestamp = now.toISOString();
  const history = withEntry(written.history, {
    container: slot.name,
    image: spec.newImage,
    previousImage: slot.current,
    timestamp,
    updateRequestName: metadata.name,
    updateRequestUid: metadata.uid,
    ...(spec.decision ? { approvedBy: spec.decision.by } : {}),
  });
  return [
    ...testsOf(workload, slot),
    ...annotationTests(workload, ["update-history", "held"]),
    ...settingsTests(workload, decidingFor(request)),
    putVersion(slot, spec.newImage),
    { op: "add", path: annotation("update-history"), value: history },
    { op: "add", path: annotation("last-update"), value: timestamp },
  ];
}

/** The JSON patch that takes a container back to `image`, writes that into the history, and holds what was left. */
export function rollbackPatch(
  { workload, slot, image, rollback, unwritten = [], updateRequest, decidedBy = [], now }: {
    workload: Workload;
    slot: Slot;
    image: string;
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
  const history = withEntry(written.history, {
    container: slot.name,
    image,
    previousImage: slot.current,
    timestamp,
    ...(updateRequest ? { updateRequestName: updateRequest.metadata.name } : {}),
    rollback: { of: slot.current, ...rollback },
  });
  const hold = { container: slot.name, image: slot.current, at: timestamp, ...rollback };
  const held = [...unwritten, hold].reduce<string | undefined>(withHold, written.held);
  return [
    ...testsOf(workload, slot),
    ...annotationTests(workload, ["update-history", "held"]),
    ...settingsTests(workload, decidedBy),
    putVersion(slot, image),
    { op: "add", path: annotation("update-history"), value: history },
    { op: "add", path: annotation("last-update"), value: timestamp },
    { op: "add", path: annotation("held"), value: held },
  ];
}

/** The JSON patch that marks the last change of a container as verified. */
export function verifiedPatch(workload: Workload, slot: Slot): PatchOperation[] {
  return [
    ...testsOf(workload, slot),
    ...annotationTests(workload, ["update-history"]),
    { op: "add", path: annotation("update-history"), value: withVerified(workload.annotations.history, slot.name) },
  ];
}

/** The JSON patch that holds a version, or all of them, for a container. */
export function holdPatch(workload: Workload, slot: Slot, hold: Hold): PatchOperation[] {
  return [
    ...testsOf(workload, slot),
    ...annotationTests(workload, ["held"]),
    { op: "add", path: annotation("held"), value: withHold(workload.annotations.held, hold) },
  ];
}

/**
 * The JSON patch that lets go what is held for a container: one version, or everything. `held` are the images that are
 * held without being written down. Undefined where nothing is held.
 */
export function resumePatch(
  { workload, slot, image, unwritten, by, now }: {
    workload: Workload;
    slot: Slot;
    image?: string;
    unwritten: readonly Hold[];
    by: string;
    now: Date;
  },
): PatchOperation[] | undefined {
  const mine = [...readHolds(workload.annotations.held), ...unwritten].filter((hold) =>
    hold.container === slot.name && hold.resumedAt === undefined &&
    (image === undefined || hold.image === undefined || isSameVersion(hold.image, image))
  );
  if (mine.length === 0) return undefined;
  const resumed = { resumedAt: now.toISOString(), resumedBy: by };
  const text = mine.reduceRight<string | undefined>(
    (text, hold) => withHold(text, { ...hold, ...resumed }),
    workload.annotations.held,
  );
  return [
    ...testsOf(workload, slot),
    ...annotationTests(workload, ["held"]),
    { op: "add", path: annotation("held"), value: text },
  ];
}

function testsOf(workload: Workload, slot: Slot): PatchOperation[] {
  return [
    test("/metadata/uid", workload.carrier?.uid ?? workload.uid),
    ...(workload.carrier?.allowFrom === undefined ? [] : [test(annotation("allow-from"), workload.carrier.allowFrom)]),
    ...slot.guards.map(({ pointer, value }) => test(pointer, value)),
    test(slot.pointer, slot.unwritten ? undefined : textOf(slot, slot.current)),
  ];
}

function putVersion(slot: Slot, reference: string): PatchOperation {
  return { op: slot.unwritten ? "add" : "replace", path: slot.pointer, value: textOf(slot, reference) };
}

/** What stands in a slot that holds this. */
function textOf(slot: Slot, reference: string): string {
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

/** The settings that a request is judged by: of one made by hand the interval alone. */
function decidingFor({ spec }: UpdateRequest): readonly string[] {
  if (!spec.sighting) return ["min-update-interval"];
  return decidingSettings.filter((name) => name !== "require-approval" || !spec.decision);
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
