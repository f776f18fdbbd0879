import { type Floor, floor } from "./floor.ts";
import { type HistoryEntry, readHistory } from "../../../core/requests/history.ts";
import { readHolds } from "../../../core/requests/holds.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import { requestOf, workloadOf, workloadPatched } from "./world.ts";
import type { Workload } from "../../../core/workloads/workload.ts";

/** A floor with one request, whose workload is found so. Annotations are without their prefix. */
export function found(reading: HealthReading, annotations: Record<string, string> = {}): Floor {
  const workload = workloadOf({ annotations: { "min-update-interval": "0", ...annotations } });
  return Object.assign(floor({ requests: [requestOf()], workload }), { reading });
}

/** Lets time pass as long as time alone can change something. Gives how long that was, in seconds. */
export async function settled(one: Floor): Promise<number> {
  const began = one.now;
  for (let { again } = await one.run(); again !== undefined; { again } = await one.run()) one.now += again;
  return (one.now - began) / 1000;
}

/** As a person puts another image there, with any tool. */
export function edit(one: Floor, image: string): void {
  const path = "/spec/template/spec/containers/0/image";
  one.workload = workloadPatched(workload(one), [{ op: "replace", path, value: image }])!;
}

const workload = (one: Floor) => one.workload as Workload;
export const imageOf = (one: Floor): string => workload(one).slots[0]!.current;
export const historyOf = (one: Floor): readonly HistoryEntry[] => readHistory(workload(one).annotations.history);
export const heldOf = (one: Floor): (string | undefined)[] =>
  readHolds(workload(one).annotations.held).map(({ image }) => image);
/** Phase and reason of what was written last. */
export function lastSaid(one: Floor): string {
  const { phase, reason } = one.told.at(-1)!.statusUpdate;
  return `${phase} ${reason}`;
}
