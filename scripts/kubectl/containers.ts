import type { Slot } from "../../core/plugin.ts";
import type { Workload } from "../../core/match/workload.ts";
import { tracksImage } from "../../core/annotations.ts";
import { Failure } from "./errors.ts";
import { shortName } from "./kinds.ts";

/** The container of that name; all that Headwind looks after where none is named. Throws `Failure`. */
export function containersMeant(workload: Workload, name: string | undefined): Slot[] {
  const { slots, settings } = workload;
  if (name === undefined) return slots.filter(({ current }) => !settings || tracksImage(settings, current));
  const slot = slots.find((slot) => slot.name === name);
  if (slot) return [slot];
  throw new Failure(
    `${shortName(workload.plugin, workload.name)} has no container ${name}: it has ${namesOf(slots)}`,
  );
}

/** The one of these that is meant. Throws `Failure` where there are several. */
export function theOne(workload: Workload, slots: readonly Slot[], why: string): Slot {
  const [slot, ...others] = slots;
  if (slot && others.length === 0) return slot;
  const { plugin, name } = workload;
  if (!slot) throw new Failure(`${shortName(plugin, name)} has no container ${why}`);
  throw new Failure(`${shortName(plugin, name)} has several containers ${why}: name one of ${namesOf(slots)}`);
}

const namesOf = (slots: readonly Slot[]) => slots.map(({ name }) => name).join(", ");
