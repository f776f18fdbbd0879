import { isEqual } from "../equal.ts";
import { asksForPolls } from "./polled.ts";
import { repositoryOf } from "./repository.ts";
import type { Slot } from "../plugin.ts";
import { type Workload, workloadKey } from "./workload.ts";

/** One place in one workload that uses a repository. */
export interface Use {
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
  uses(repository: string): readonly Use[];
  all(): Iterable<Workload>;
  /** Those that ask to be polled for, which are looked at each second. */
  polled(): Iterable<Workload>;
  /** By the workload plugin's name. */
  counts(): ReadonlyMap<string, number>;
}

export const keyOf = ({ plugin, namespace, name }: Workload): string => workloadKey(plugin.resource, namespace, name);

export function createWorkloadIndex(): WorkloadIndex {
  const workloads = new Map<string, Workload>();
  const byRepository = new Map<string, { key: string; slot: Slot }[]>();
  const counts = new Map<string, number>();
  const polled = new Set<string>();

  const count = ({ plugin }: Workload, by: number) => counts.set(plugin.name, (counts.get(plugin.name) ?? 0) + by);
  const remove = (key: string) => {
    const old = workloads.get(key);
    if (!old) return;
    workloads.delete(key);
    polled.delete(key);
    count(old, -1);
    for (const repository of repositoriesOf(old)) {
      const left = byRepository.get(repository)?.filter((use) => use.key !== key) ?? [];
      if (left.length > 0) byRepository.set(repository, left);
      else byRepository.delete(repository);
    }
  };

  return {
    set(workload) {
      const key = keyOf(workload);
      const old = workloads.get(key);
      const isPolled = asksForPolls(workload);
      if (old && isEqual(old.slots, workload.slots)) {
        workloads.set(key, { ...workload, slots: old.slots });
        if (isPolled) polled.add(key);
        else polled.delete(key);
        return;
      }
      remove(key);
      workloads.set(key, workload);
      if (isPolled) polled.add(key);
      count(workload, 1);
      for (const slot of workload.slots) {
        const repository = repositoryOf(slot);
        if (repository === undefined) continue;
        const uses = byRepository.get(repository);
        if (uses) uses.push({ key, slot });
        else byRepository.set(repository, [{ key, slot }]);
      }
    },
    remove,
    get: (key) => workloads.get(key),
    uses: (repository) =>
      byRepository.get(repository)?.map(({ key, slot }) => ({ workload: workloads.get(key)!, slot })) ?? [],
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
