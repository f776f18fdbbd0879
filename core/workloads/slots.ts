import { chartOf, versionIn } from "../versions/slot_reference.ts";
import { isRange } from "../versions/range.ts";
import { POLICIES } from "../policy/policies.ts";
import { createInterner } from "../lib/interner.ts";
import { MOST_PULL_SECRETS } from "../registry/pull_credentials.ts";
import { chartRepositoryName, InvalidChartSource } from "../versions/chart_repository.ts";
import type { FindObject, Slot, SlotNote, SlotReading, WorkloadPlugin } from "../plugin.ts";

/** What a workload says of its versions, and of the logins to pull them. */
export interface WorkloadSlots extends SlotReading {
  /** Of a pod template: containers first, then init containers. */
  slots: Slot[];
  pullSecrets: readonly string[];
  serviceAccount: string | undefined;
}

const NONE: readonly string[] = [];

/** Containers, and artifacts alike, that are looked after in one workload. */
const MAX_SLOTS = 100;
/** Notes that a workload is told. */
const MAX_NOTES = 20;
/** Of an image reference, which is never longer, or of a chart with its version. */
const MAX_TEXT_LENGTH = 1024;
const MAX_URL_LENGTH = 2048;

/** Reads a workload's slots, of an object of any shape. */
export function readSlots(
  plugin: WorkloadPlugin,
  object: unknown,
  find: FindObject,
): WorkloadSlots {
  return withinBounds(readAll(plugin, object, find));
}

/** A workload is followed as far as its kind can be followed at a bounded cost, and told of the rest. */
function withinBounds(read: WorkloadSlots): WorkloadSlots {
  const { slots, notes = [] } = read;
  const short = slots.every(isShort) ? slots : slots.filter(isShort);
  if (short.length === slots.length && short.length <= MAX_SLOTS && notes.length <= MAX_NOTES) return read;
  const warn = (reason: string, message: string): SlotNote => ({ reason, message, type: "Warning" });
  const told = [
    ...(short.length < slots.length
      ? [warn("TooLong", `${slots.length - short.length} of its images or charts are too long to be references`)]
      : []),
    ...(short.length > MAX_SLOTS
      ? [warn("TooManyContainers", `it has ${short.length} images and charts, of which ${MAX_SLOTS} are followed`)]
      : []),
    ...notes.slice(0, MAX_NOTES),
    ...(notes.length > MAX_NOTES ? [warn("InvalidAnnotation", `and ${notes.length - MAX_NOTES} more mistakes`)] : []),
  ];
  return { ...read, slots: short.slice(0, MAX_SLOTS), notes: told };
}

function isShort({ name, current, pointer, guards, source, resolved = "" }: Slot): boolean {
  return current.length <= MAX_TEXT_LENGTH && name.length <= MAX_TEXT_LENGTH && resolved.length <= MAX_TEXT_LENGTH &&
    pointer.length <= MAX_URL_LENGTH &&
    guards.every(({ pointer, value }) => pointer.length + value.length <= 2 * MAX_URL_LENGTH) &&
    (source === undefined || source.url.length <= MAX_URL_LENGTH);
}

function readAll(plugin: WorkloadPlugin, object: unknown, find: FindObject): WorkloadSlots {
  const pod = plugin.podTemplate === undefined ? noPod : podSlots(plugin.podTemplate, object);
  if (!plugin.slots) return pod;
  try {
    const { slots, notes = [], carrier } = plugin.slots(object, find);
    const checked = slots.map(withoutBadSource);
    const policy = text(field(field(object, "metadata"), "annotations"), "headwind.sh/policy");
    const told = [
      ...notes,
      ...slots.flatMap((slot) => rangeNote(slot, policy) ?? []),
      ...checked.flatMap(({ note }) => note ?? []),
    ];
    return {
      ...pod,
      slots: [...pod.slots, ...checked.map(({ slot }) => slot)],
      ...(told.length > 0 ? { notes: told } : {}),
      ...(carrier ? { carrier } : {}),
    };
  } catch (error) {
    const message = `the plugin workload/${plugin.name} cannot read it: ${(error as Error).message}`;
    return { ...pod, notes: [{ reason: "Unreadable", message, type: "Warning" }] };
  }
}

/** A chart whose source makes no name of a repository comes from nowhere, which is said. */
function withoutBadSource(slot: Slot): { slot: Slot; note?: SlotNote } {
  if (!slot.source) return { slot };
  try {
    chartRepositoryName(slot.source, chartOf(slot));
    return { slot };
  } catch (error) {
    if (!(error instanceof InvalidChartSource)) throw error;
    const { source: _, ...rest } = slot;
    return {
      slot: rest,
      note: { reason: "InvalidChartSource", message: error.message.replace(/\.$/, ""), type: "Warning" },
    };
  }
}

/** Of a chart whose version is a range: who moves it. */
function rangeNote(slot: Slot, policy = ""): SlotNote | undefined {
  const version = versionIn(slot, slot.current);
  const { follows, raisesRanges } = POLICIES.find(({ name }) => name === policy.trim().toLowerCase()) ?? ANY_POLICY;
  if (slot.type !== "chart" || !slot.source || !isRange(version) || follows === "nothing") return undefined;
  const what = raisesRanges
    ? "a new range is offered when there is a version above it"
    : `only policy ${RANGE_POLICIES.join(" or ")} offers a new range`;
  const message = `the version of its chart is a range, ${
    version.slice(0, 128)
  }, within which Flux moves by itself; ${what}`;
  return { reason: "VersionIsRange", message, type: "Normal" };
}

const ANY_POLICY = { follows: "versions", raisesRanges: false } as const;
const RANGE_POLICIES = POLICIES.flatMap(({ name, raisesRanges }) => raisesRanges ? [name] : []);

const noPod: WorkloadSlots = { slots: [], pullSecrets: NONE, serviceAccount: undefined };

/** Reads a pod template of any shape; a container without name or image is left out. */
export function podSlots(podTemplate: string, object: unknown): WorkloadSlots {
  let spec = object;
  for (const part of `${podTemplate.slice(1)}/spec`.split("/")) spec = field(spec, part);
  const slots: Slot[] = [];
  for (const kind of ["containers", "initContainers"] as const) {
    for (const [index, container] of list(spec, kind).entries()) {
      const [name, image] = [text(container, "name"), text(container, "image")];
      if (name === undefined || image === undefined) continue;
      const { pointer, guards } = placeOf(podTemplate, kind, index, name);
      slots.push({ name, type: "image", init: kind === "initContainers", current: image, pointer, prefix: "", guards });
    }
  }
  // one more than is heeded, so that it can be told that there are more
  const named = list(spec, "imagePullSecrets").slice(0, MOST_PULL_SECRETS + 1);
  const pullSecrets = named.flatMap((secret) => text(secret, "name") ?? []);
  return {
    slots,
    pullSecrets: pullSecrets.length > 0 ? pullSecrets : NONE,
    serviceAccount: text(spec, "serviceAccountName"),
  };
}

const field = (of: unknown, name: string): unknown => (of as Record<string, unknown> | undefined | null)?.[name];

function list(of: unknown, name: string): readonly unknown[] {
  const value = field(of, name);
  return Array.isArray(value) ? value : [];
}

function text(of: unknown, name: string): string | undefined {
  const value = field(of, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

const internedPlaces = createInterner<Pick<Slot, "pointer" | "guards">>();

/** The same places are shared by all workloads. */
function placeOf(podTemplate: string, kind: string, index: number, name: string): Pick<Slot, "pointer" | "guards"> {
  const container = `${podTemplate}/spec/${kind}/${index}`;
  return internedPlaces(`${container} ${name}`, () => ({
    pointer: `${container}/image`,
    guards: [{ pointer: `${container}/name`, value: name }],
  }));
}
