import type { Use } from "../../../core/workloads/index.ts";
import type { Failure } from "../../../core/intake/failure.ts";
import type { Reading } from "../../../core/workloads/readings.ts";
import type { ReadingWatch } from "../../../core/intake/registry_access.ts";

/** Notes what is told of readings: `namespace/workload: message`. */
export function readingNotes(): ReadingWatch & { warnings: string[]; failures: string[]; read: string[] } {
  const name = ({ workload }: Use) => `${workload.namespace}/${workload.name}`;
  const notes = {
    warnings: [] as string[],
    failures: [] as string[],
    read: [] as string[],
    warn: (_: Use, message: string) => void notes.warnings.push(message),
    failed: (uses: readonly Use[], _: Reading, { message }: Failure) =>
      void notes.failures.push(...uses.map((use) => `${name(use)}: ${message}`)),
    wasRead: (uses: readonly Use[]) => void notes.read.push(...uses.map(name)),
  };
  return notes;
}
