import { createIntake, type IntakeOptions } from "../../../core/intake/intake.ts";
import { createUpdateCache, type UpdateCache } from "../../../core/requests/cache.ts";
import {
  createWorkloadIndex,
  keyOf,
  type SlotRef,
  type WorkloadIndex,
} from "../../../core/workloads/workload_index.ts";
import type { Log, LogFields, Sighting } from "../../../core/plugin.ts";
import { type RequestStore, requestStore } from "../../support/request_store.ts";
import type { Source } from "../../../core/intake/new_request.ts";
import { type WorkloadChanges, workloadOf } from "../../support/build/workload.ts";
import type { ReadFailure, ReadingWatch } from "../../../core/intake/registry_access.ts";
import type { VersionQuery } from "../../../core/workloads/source_events.ts";

export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
export const [proven, hint] = [true, false].map((trusted): Source => ({ trigger: "registry", trusted }));
export const poller: Source = { trigger: "poller", trusted: true };

/** A webhook's sighting of versions of `app`, each `tag` or `tag@digest`. */
export function seen(versions: readonly string[], change: Partial<Sighting> = {}): Sighting {
  return {
    artifact: { type: "image", repository: "docker.io/library/app" },
    versions: versions.map((text) => {
      const [tag, digest] = text.split("@") as [string, string?];
      return { tag, ...(digest ? { digest } : {}) };
    }),
    via: "webhook",
    complete: false,
    ...change,
  };
}

export interface Harness {
  index: WorkloadIndex;
  cache: UpdateCache;
  store: RequestStore;
  /** What the registry answers; default: never to be asked. */
  answer: (slotRef: SlotRef, tag: string) => Promise<string | undefined>;
  /** Questions to the registry, `namespace/workload tag`. */
  asked: string[];
  logged: { message: string; fields: LogFields }[];
  /** What was told as not stored, `namespace/workload image reason`. */
  lost: string[];
  /** What failed and went well of what polls need besides their lists, as `readingNotes`. */
  notes: ReturnType<typeof readingNotes>;
  /** The uses of a sighting's source; default: none has one. */
  isOf: IntakeOptions["isOf"];
  /** Whether the watch of UpdateRequests is open. */
  isHeard: boolean;
  accept(sighting: Sighting, source?: Source): ReturnType<ReturnType<typeof createIntake>>;
  /** The images wanted by now, by `namespace/workload/container`. */
  wanted(): Record<string, string>;
}

/** An intake over workloads, each named `w0`, `w1`, … unless it says its name. */
export function harness(workloads: WorkloadChanges[], store: RequestStore = requestStore()): Harness {
  const index = createWorkloadIndex();
  for (const [at, changes] of workloads.entries()) index.set(workloadOf({ name: `w${at}`, ...changes }));
  const cache = createUpdateCache();
  const logged: Harness["logged"] = [];
  const write = (message: string, fields: LogFields = {}) => void logged.push({ message, fields });
  const log: Log = { debug: () => {}, info: write, warn: write, error: write, with: () => log };
  const made: Harness = {
    index,
    cache,
    store,
    answer: () => Promise.reject(new Error("the registry need not be asked")),
    asked: [],
    logged,
    lost: [],
    notes: readingNotes(),
    isOf: () => false,
    isHeard: true,
    accept: (sighting, source = proven!) => intake(sighting, source),
    wanted: () =>
      Object.fromEntries(
        [...store.requests.values()].map(({ metadata, spec }) =>
          [`${metadata.namespace}/${spec.targetRef.name}/${spec.containerName}`, spec.newImage] as const
        ).sort(),
      ),
  };
  const intake = createIntake({
    index,
    cache,
    store,
    lookup(slotRef, tag) {
      made.asked.push(`${slotRef.workload.namespace}/${slotRef.workload.name} ${tag}`);
      return made.answer(slotRef, tag);
    },
    isHeard: () => made.isHeard,
    isOf: (source, slotRef) => made.isOf(source, slotRef),
    watch: made.notes,
    onNotStored: ({ slotRef: { workload }, image, reason }) =>
      void made.lost.push(`${workload.namespace}/${workload.name} ${image} ${reason}`),
    readWorkload: async (workload) => index.get(keyOf(workload)),
    log,
    now: () => new Date(Date.UTC(2026, 0, 2)),
  });
  return made;
}

/** Notes what is told of readings: `namespace/workload: message`. */
export function readingNotes(): ReadingWatch & { warnings: string[]; failures: string[]; read: string[] } {
  const name = ({ workload }: SlotRef) => `${workload.namespace}/${workload.name}`;
  const notes = {
    warnings: [] as string[],
    failures: [] as string[],
    read: [] as string[],
    warn: (_: SlotRef, message: string) => void notes.warnings.push(message),
    failed: (slotRefs: readonly SlotRef[], _: VersionQuery, { message }: ReadFailure) =>
      void notes.failures.push(...slotRefs.map((slotRef) => `${name(slotRef)}: ${message}`)),
    wasRead: (slotRefs: readonly SlotRef[]) => void notes.read.push(...slotRefs.map(name)),
  };
  return notes;
}
