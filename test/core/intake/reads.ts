import type { SlotRef } from "../../../core/workloads/workload_index.ts";
import type { Failure } from "../../../core/intake/failure.ts";
import type { VersionQuery } from "../../../core/workloads/source_events.ts";
import type { ReadingWatch } from "../../../core/intake/registry_access.ts";

/** Notes what is told of readings: `namespace/workload: message`. */
export function readingNotes(): ReadingWatch & { warnings: string[]; failures: string[]; read: string[] } {
  const name = ({ workload }: SlotRef) => `${workload.namespace}/${workload.name}`;
  const notes = {
    warnings: [] as string[],
    failures: [] as string[],
    read: [] as string[],
    warn: (_: SlotRef, message: string) => void notes.warnings.push(message),
    failed: (slotRefs: readonly SlotRef[], _: VersionQuery, { message }: Failure) =>
      void notes.failures.push(...slotRefs.map((slotRef) => `${name(slotRef)}: ${message}`)),
    wasRead: (slotRefs: readonly SlotRef[]) => void notes.read.push(...slotRefs.map(name)),
  };
  return notes;
}
