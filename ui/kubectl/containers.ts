import { includesSlot, isOneGroup, type Workload } from "../../core/ui.ts";
import type { Argument } from "./command.ts";
import type { Slot } from "../../core/plugin.ts";
import { Failure } from "./errors.ts";
import { shortName } from "./kinds.ts";

/** A workload, and one of its containers or all that are looked after. */
export const containerArguments: readonly Argument[] = [
  { name: "WORKLOAD", offer: "workload" },
  { name: "CONTAINER", optional: true, offer: "container" },
];

/**
 * The container of that name; all that Headwind looks after where none is named.
 *
 * @throws {Failure}
 */
export function containersMeant(workload: Workload, name: string | undefined): Slot[] {
  const { slots, settings } = workload;
  if (name === undefined) return slots.filter((slot) => !settings || includesSlot(settings, slot));
  return [slotNamed(workload, name)];
}

/** @throws {Failure} where there is none of that name */
export function slotNamed(workload: Workload, name: string): Slot {
  const { plugin, slots } = workload;
  const slot = slots.find((slot) => slot.name === name);
  if (slot) return slot;
  const others = slots.length > 0 ? `it has ${namesOf(slots)}` : "it has none";
  throw new Failure(`${shortName(plugin, workload.name)} has no ${slotWord(workload)} ${name}: ${others}`);
}

/**
 * The one of these that is meant, or stands for all since they move together.
 *
 * @throws {Failure} where there are several
 */
export function theOne(workload: Workload, slots: readonly Slot[], why: string): Slot {
  const [slot, ...others] = slots;
  if (slot && (others.length === 0 || isOneGroup(slots))) return slot;
  const [short, word] = [shortName(workload.plugin, workload.name), slotWord(workload)];
  if (!slot) throw new Failure(`${short} has no ${word} ${why}`);
  throw new Failure(`${short} has several ${word}s ${why}: name one of ${namesOf(slots)}`);
}

/** What a place for a version is called in a workload of this kind. */
export const slotWord = ({ plugin }: Workload): string => plugin.podTemplate === undefined ? "artifact" : "container";

const namesOf = (slots: readonly Slot[]) => slots.map(({ name }) => name).join(", ");
