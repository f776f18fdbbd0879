import { isEqual } from "../lib/equal.ts";
import { isPolled } from "./event_sources.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import type { Slot } from "../plugin.ts";
import { type Workload, workloadKey } from "./workload.ts";

/** One place in one workload that uses a repository. */
export interface SlotRef {
  workload: Workload;
  slot: Slot;
}

/** From a repository to the containers that use it: what makes a sighting cost its matches and not the cluster. */
export interface WorkloadIndex {
  /** Cheap where its slots are as before, as when only its status has changed. */
  set(workload: Workload): void;
  remove(key: string): void;
  get(key: string): Workload | undefined;
  /** Repository as in `Artifact`. */
  slotsOf(repository: string): readonly SlotRef[];
  all(): Iterable<Workload>;
  /** Those that ask to be polled for, which are looked at each second. */
  polled(): Iterable<Workload>;
  /** By the workload plugin's name. */
  counts(): ReadonlyMap<string, number>;
}

export const keyOf = ({ plugin, namespace, name }: Workload): string => workloadKey(plugin.resource, namespace, name);

export function createWorkloadIndex(): WorkloadIndex {
  const workloads = new Map<string, Workload>();
  /** The key of the one workload that uses a repository, which costs nothing more to keep, or of all that do. */
  const byRepository = new Map<string, string | Set<string>>();
  const counts = new Map<string, number>();
  const polled = new Set<string>();

  const count = ({ plugin }: Workload, by: number) => counts.set(plugin.name, (counts.get(plugin.name) ?? 0) + by);
  const keysOf = (repository: string): Iterable<string> => {
    const keys = byRepository.get(repository);
    return keys === undefined ? [] : typeof keys === "string" ? [keys] : keys;
  };
  const enter = (repository: string, key: string) => {
    const keys = byRepository.get(repository);
    if (keys === undefined) byRepository.set(repository, key);
    else if (typeof keys !== "string") keys.add(key);
    else if (keys !== key) byRepository.set(repository, new Set([keys, key]));
  };
  const leave = (repository: string, key: string) => {
    const keys = byRepository.get(repository);
    if (keys === key || (typeof keys === "object" && keys.delete(key) && keys.size === 0)) {
      byRepository.delete(repository);
    }
  };
  const remove = (key: string) => {
    const old = workloads.get(key);
    if (!old) return;
    workloads.delete(key);
    polled.delete(key);
    count(old, -1);
    for (const repository of repositoriesOf(old)) leave(repository, key);
  };

  return {
    set(workload) {
      const key = keyOf(workload);
      const old = workloads.get(key);
      const wantsPolls = isPolled(workload);
      if (old && isEqual(old.slots, workload.slots)) {
        workloads.set(key, { ...workload, slots: old.slots });
        if (wantsPolls) polled.add(key);
        else polled.delete(key);
        return;
      }
      remove(key);
      workloads.set(key, workload);
      if (wantsPolls) polled.add(key);
      count(workload, 1);
      for (const repository of repositoriesOf(workload)) enter(repository, key);
    },
    remove,
    get: (key) => workloads.get(key),
    slotsOf(repository) {
      const slotRefs: SlotRef[] = [];
      for (const key of keysOf(repository)) {
        const workload = workloads.get(key)!;
        for (const slot of workload.slots) {
          if (repositoryOf(slot) === repository) slotRefs.push({ workload, slot });
        }
      }
      return slotRefs;
    },
    all: () => workloads.values(),
    *polled() {
      for (const key of polled) yield workloads.get(key)!;
    },
    counts: () => counts,
  };
}

function repositoriesOf(workload: Workload): Set<string> {
  const repositories = workload.slots.map(repositoryOf).filter((repository) => repository !== undefined);
  return new Set(repositories);
}
