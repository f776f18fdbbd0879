import type { Slot } from "../plugin.ts";
import type { UpdateRequest, UpdateRequestSpec } from "./update_request.ts";
import { isOneGroup } from "../workloads/slot_group.ts";
import { readHistory } from "./history.ts";
import { runs } from "../versions/compare.ts";
import type { Workload } from "../workloads/workload.ts";

const NAMES_SHOWN = 5;
const none: readonly string[] = [];

/**
 * The containers that a request is for, which move together: the one of `containerName` first. A request that was made before
 * there was a list of them names one.
 */
export function containersOf(
  { spec: { containerName: first, containerNames: all } }: {
    spec: Pick<UpdateRequestSpec, "containerName" | "containerNames">;
  },
): readonly string[] {
  if (first === undefined) return all ?? none;
  if (all === undefined) return [first];
  return all[0] === first ? all : [first, ...all.filter((name) => name !== first)];
}

/** Whether a request is for a container, among others or alone. */
export const isFor = (request: Pick<UpdateRequest, "spec">, container: string): boolean =>
  containersOf(request).includes(container);

/** Whether two requests are for the same containers, in whatever order. */
export function isForSame(a: Pick<UpdateRequest, "spec">, b: Pick<UpdateRequest, "spec">): boolean {
  const [mine, others] = [containersOf(a), containersOf(b)];
  return mine.length === others.length && mine.every((name) => others.includes(name));
}

/** What is said beside the first container: all of them, where these are several. */
export const withOthersOf = (names: readonly string[]): { containers?: string[] } =>
  names.length > 1 ? { containers: [...names] } : {};

/** Names as people read them: `app`, `app and migrate`; of many the first. */
export function namesText(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? "";
  const shown = names.length > NAMES_SHOWN
    ? [...names.slice(0, NAMES_SHOWN - 1), `${names.length - NAMES_SHOWN + 1} more`]
    : names;
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** As `namesText`; of several it is said which are init containers. */
export function slotsText(slots: readonly Pick<Slot, "name" | "init">[]): string {
  return namesText(
    slots.length <= 1
      ? slots.map(({ name }) => name)
      : slots.map(({ name, init }) => init ? `init container ${name}` : name),
  );
}

/** The verb for one or several of them: `runs` or `run`. */
export const theyRun = (slots: readonly unknown[]): string => slots.length === 1 ? "runs" : "run";

/** Those slots of the workload that a request is for, the one of `containerName` first. */
export const slotsOf = (request: UpdateRequest, { slots }: Workload): Slot[] =>
  containersOf(request).flatMap((container) => slots.find(({ name }) => name === container) ?? []);

/**
 * What is left to be moved of containers that were to move together: a person may have taken some of them out, or moved them. Where an
 * approval is for all of them, and they run different versions now, they are given as they are, and it is not for them.
 */
export function stillToMove(request: UpdateRequest, workload: Workload): Slot[] {
  const { newImage, currentImage, decision, requireApproval } = request.spec;
  const slots = slotsOf(request, workload);
  if (containersOf(request).length === 1) return slots;
  const left = slots.filter(({ current }) => !runs(current, newImage));
  if (isOneGroup(left)) return left;
  const asItWas = left.filter(({ current }) => runs(current, currentImage));
  const isApproved = decision !== undefined || requireApproval !== false;
  return isApproved || asItWas.length === 0 || !isOneGroup(asItWas) ? slots : asItWas;
}

/**
 * Those slots of a request that was applied which it changed. The history may tell that it passed some over: they had been moved, or a
 * Headwind that was older moved the first alone.
 */
export function changedBy(request: UpdateRequest, workload: Workload): Slot[] {
  const changed = changedNames(request, workload);
  const slots = slotsOf(request, workload);
  return changed.length === 0 ? slots : slots.filter(({ name }) => changed.includes(name));
}

/** Whether the history tells that a request changed others of its containers, and not this one. */
export function passedOver(request: UpdateRequest, workload: Workload, container: string): boolean {
  const changed = changedNames(request, workload);
  return changed.length > 0 && !changed.includes(container);
}

const changedNames = ({ metadata }: UpdateRequest, { annotations }: Workload): string[] =>
  readHistory(annotations.history).filter(({ updateRequestUid, rollback }) =>
    updateRequestUid === metadata.uid && !rollback
  )
    .map(({ container }) => container);
