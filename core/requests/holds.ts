import { actorText, HEADWIND, SOMEBODY } from "./actors.ts";
import { MAX_WRITTEN_LENGTH } from "../workloads/annotation_bounds.ts";
import { createInterner } from "../lib/interner.ts";
import { isLowerReference, isSameVersion, runs } from "../versions/compare.ts";
import { readHistory, readList, writtenList } from "./history.ts";
import { isFor } from "./containers.ts";
import type { Slot } from "../plugin.ts";
import type { UpdateRequest } from "./update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/** A version that was left on purpose, in the annotation `headwind.sh/held`: it is not offered to its container again. */
export interface Hold {
  container: string;
  /** By digest where that is known. Absent: all versions. */
  image?: string;
  /** RFC 3339. */
  at: string;
  /** `headwind`, `person` where nobody knows who, or a name. */
  by: string;
  reason: string;
  /** RFC 3339: a person let it go. It is kept, so that what made it is not taken for new. */
  resumedAt?: string;
  resumedBy?: string;
}

/** A version that Headwind applied and that does not run any more, though nothing newer does. */
export interface Left {
  image: string;
  /** RFC 3339: when it was applied. */
  appliedAt: string;
}

/** ` by ann`, as it follows `held`; nothing where nobody knows who. */
export const byWhom = ({ by }: Pick<Hold, "by">): string => by === SOMEBODY ? "" : ` by ${actorText(by)}`;

const KEPT_PER_CONTAINER = 10;

export function readHolds(annotation: string | undefined): readonly Hold[] {
  return annotation === undefined ? none : parsed(annotation, () => readList(annotation, isHold));
}

const parsed = createInterner<readonly Hold[]>(1_000_000);
const none: readonly Hold[] = [];

/** The annotation with holds in front, the first of them first. */
export const withHolds = (annotation: string | undefined, holds: readonly Hold[]): string | undefined =>
  holds.reduceRight<string | undefined>(withHold, annotation);

/** The annotation with a hold in front, in the place of what it says of the same version. */
export function withHold(annotation: string | undefined, hold: Hold): string {
  const others = readHolds(annotation).filter((other) =>
    other.container !== hold.container || !isOf(other, hold.image)
  );
  const mine = kept([hold, ...others.filter(({ container }) => container === hold.container)]);
  const all = [...mine, ...others.filter(({ container }) => container !== hold.container)];
  return writtenList(all, MAX_WRITTEN_LENGTH.held, {
    isNeedless: ({ resumedAt }) => resumedAt !== undefined,
    stays: holdsAll,
  });
}

/** The newest; a hold of all versions, of which there is one, is never one too many. */
function kept(holds: readonly Hold[]): Hold[] {
  const room = KEPT_PER_CONTAINER - holds.filter(holdsAll).length;
  const newest = holds.filter((hold) => !holdsAll(hold)).slice(0, room);
  return holds.filter((hold) => holdsAll(hold) || newest.includes(hold));
}

const holdsAll = ({ image, resumedAt }: Hold): boolean => image === undefined && resumedAt === undefined;

/**
 * Why a version is held for a container, or undefined. Holds that are written down count, and so does what a person has
 * just left: a workload that moved from what Headwind applied to an older version, with any tool.
 */
export function heldBy(
  workload: Workload,
  slot: Slot,
  image: string,
  requests: readonly UpdateRequest[],
): Hold | undefined {
  const active = activeHolds(workload, slot, requests);
  const everything = workload.settings?.verification.holdAll;
  return active.find((hold) => hold.image === undefined || isSameVersion(image, hold.image)) ??
    (everything ? active[0] : undefined);
}

/** As `heldBy`, of containers that move together: what is held for one of them is held for all. */
export function heldForAny(
  workload: Workload,
  slots: readonly Slot[],
  image: string,
  requests: readonly UpdateRequest[],
): Hold | undefined {
  for (const slot of slots) {
    const hold = heldBy(workload, slot, image, requests);
    if (hold) return hold;
  }
}

/** All that is held for a container: what is written down, and then what is not yet. */
export function activeHolds(workload: Workload, slot: Slot, requests: readonly UpdateRequest[]): Hold[] {
  return [...writtenHolds(workload, slot), ...unwrittenHolds(workload, slot, requests)];
}

/** What the annotation holds for a container. */
export function writtenHolds(workload: Workload, slot: Slot): Hold[] {
  return readHolds(workload.annotations.held).filter(({ container, resumedAt }) =>
    container === slot.name && resumedAt === undefined
  );
}

/** What is held for a container though the annotation does not say so: it follows from what else is stored. */
export function unwrittenHolds(workload: Workload, slot: Slot, requests: readonly UpdateRequest[]): Hold[] {
  const written = readHolds(workload.annotations.held).filter(({ container }) => container === slot.name);
  const left = leftVersion(workload, slot, requests);
  return [
    ...(left ? [holdOfLeft(slot, left)] : []),
    ...requests.filter((request) => isRolledBack(request, slot) && !written.some((hold) => covers(hold, request)))
      .map((request) => holdOf(request, slot)),
  ];
}

/**
 * The version that a person left, if no hold says so yet. It follows from what is stored: the history, which is written
 * with the change, and the UpdateRequests, since `kubectl rollout undo` takes annotations back too.
 */
export function leftVersion(workload: Workload, slot: Slot, requests: readonly UpdateRequest[]): Left | undefined {
  const applied = lastApplied(workload, slot, requests);
  if (!applied || runs(slot.current, applied.image)) return undefined;
  const { image, appliedAt, before } = applied;
  const isOlder = isLowerReference(slot.type, slot.current, image) ||
    (!isLowerReference(slot.type, image, slot.current) && before.some((older) => runs(slot.current, older)));
  if (!isOlder) return undefined;
  const known = readHolds(workload.annotations.held).find((hold) =>
    hold.container === slot.name && hold.image !== undefined && isSameVersion(image, hold.image)
  );
  if (known && known.at >= appliedAt) return undefined;
  return { image, appliedAt };
}

/** An annotation may be taken away with others; the request that was rolled back remembers too. */
function isRolledBack(request: UpdateRequest, slot: Slot): boolean {
  return request.status?.phase === "RolledBack" && isFor(request, slot.name);
}

function covers(hold: Hold, { spec, status }: UpdateRequest): boolean {
  return isOf(hold, spec.newImage) && hold.at >= (status?.appliedAt ?? "");
}

function holdOf({ spec, status }: UpdateRequest, slot: Slot): Hold {
  return {
    container: slot.name,
    image: spec.newImage,
    at: later(status?.lastUpdated, status?.appliedAt),
    by: HEADWIND,
    reason: status?.message ?? "rolled back",
  };
}

/** The hold of a version that was left at a time, in RFC 3339, or that nobody knows: at any rate after it was applied. */
export function holdOfLeft(slot: Slot, { image, appliedAt }: Left, at?: string): Hold {
  const reason = `${slot.name} was moved back to ${slot.current}`;
  return { container: slot.name, image, at: later(at, appliedAt), by: SOMEBODY, reason };
}

/** The holds of what was left in some of these containers, of `image` or of anything. */
export function holdsOfLeft(
  workload: Workload,
  slots: readonly Slot[],
  requests: readonly UpdateRequest[],
  at: string,
  image?: string,
): Hold[] {
  return slots.flatMap((slot) => {
    const left = leftVersion(workload, slot, requests);
    return left && (image === undefined || isSameVersion(left.image, image)) ? [holdOfLeft(slot, left, at)] : [];
  });
}

/** The clocks of two replicas may differ. */
const later = (a = "", b = ""): string => a > b ? a : b;

/**
 * What Headwind last brought into a container, and what ran before; of what a rollback brought back only the version
 * counts. Requests are asked for changes that the history does not tell of: its own are in order, whatever clock they had.
 */
function lastApplied(
  workload: Workload,
  slot: Slot,
  requests: readonly UpdateRequest[],
): (Left & { before: string[] }) | undefined {
  const entries = readHistory(workload.annotations.history).filter(({ container }) => container === slot.name);
  const [entry] = entries;
  const before = entries.flatMap(({ image, previousImage }) => previousImage ? [image, previousImage] : [image]);
  // which of its containers a request changed, too
  const told = new Set(readHistory(workload.annotations.history).map(({ updateRequestUid }) => updateRequestUid));
  const request = lastRequest(slot, requests.filter(({ metadata }) => !told.has(metadata.uid)));
  const requestedAt = request?.status?.appliedAt ?? "";
  if (request && requestedAt > (entry?.timestamp ?? "")) {
    const { newImage, currentImage } = request.spec;
    return { image: newImage, appliedAt: requestedAt, before: [currentImage, ...before] };
  }
  if (!entry) return undefined;
  return { image: entry.image, appliedAt: entry.timestamp, before: entry.rollback ? [] : before };
}

function lastRequest(slot: Slot, requests: readonly UpdateRequest[]): UpdateRequest | undefined {
  let last: UpdateRequest | undefined;
  for (const request of requests) {
    const { status } = request;
    if (!status?.appliedAt || status.phase === "RolledBack" || !isFor(request, slot.name)) continue;
    if (status.appliedAt > (last?.status?.appliedAt ?? "")) last = request;
  }
  return last;
}

function isOf(hold: Hold, image: string | undefined): boolean {
  if (hold.image === undefined || image === undefined) return hold.image === image;
  return isSameVersion(image, hold.image);
}

function isHold(value: unknown): value is Hold {
  if (typeof value !== "object" || value === null) return false;
  const { container, image, at, by, reason, resumedAt } = value as Record<string, unknown>;
  return typeof container === "string" && (image === undefined || typeof image === "string") &&
    typeof at === "string" && typeof by === "string" && typeof reason === "string" &&
    (resumedAt === undefined || typeof resumedAt === "string");
}
