import { apiVersionOf, type Workload } from "../match/workload.ts";
import type { Checks, NamedReading } from "./checks.ts";
import { combine } from "./combine.ts";
import { podsFault, unreadyFrom } from "./pods.ts";
import type { PodWatches, WatchedPods } from "./pod_watches.ts";
import type { Reading } from "./reading.ts";
import type { Slot } from "../plugin.ts";
import type { UpdateRequest } from "../updates/update_request.ts";

export interface HealthOptions {
  pods: PodWatches;
  checks: Checks;
  onReading(reading: Reading): void;
}

/** The change whose workload is read. */
export interface Change {
  request: UpdateRequest;
  workload: Workload;
  slot: Slot;
  /** RFC 3339. */
  appliedAt: string;
}

/** How changed workloads are: their rollouts, their pods, and the checks that they ask for. */
export interface Health {
  /** From the first reading on the workload's pods are watched. */
  read(change: Change, workloadKey: string): Promise<Reading>;
  /** Nothing of a workload is verified any more. */
  release(workloadKey: string): void;
  /** This replica verifies nothing any more. */
  releaseAll(): Promise<void>;
}

const unwatched: WatchedPods = { synced: true, pods: [] };

export function createHealth({ pods, checks, onReading }: HealthOptions): Health {
  const read = new Map<string, Set<string>>();

  async function checksOf({ request, workload, slot, appliedAt }: Change): Promise<NamedReading[]> {
    const { plugin, namespace, name, uid } = workload;
    const { resource } = plugin;
    return await checks.read({
      workload: { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name, uid },
      container: slot.name,
      image: slot.current,
      updateRequest: { namespace, name: request.metadata.name, uid: request.metadata.uid },
      appliedAt,
    }, workload.checks ?? {});
  }

  return {
    async read(change, workloadKey) {
      const { workload, slot, appliedAt, request } = change;
      const { rollout, podSelector, namespace } = workload;
      const watched = rollout.state === "none" || !podSelector
        ? unwatched
        : pods.want(workloadKey, namespace, podSelector);
      const version = { container: slot.name, image: slot.current, since: appliedAt };
      const parts = {
        rollout,
        podsFault: podsFault(watched.pods, version),
        podsUnreadyFrom: unreadyFrom(watched.pods, version),
        podsSynced: watched.synced,
        podsProblem: watched.problem,
        checks: [],
        appliedAt,
      };
      let reading = combine(parts);
      if (reading.state === "healthy" && workload.checks) {
        read.set(workloadKey, (read.get(workloadKey) ?? new Set()).add(request.metadata.uid));
        reading = { ...combine({ ...parts, checks: await checksOf(change) }), again: true };
      }
      onReading(reading);
      return reading;
    },
    release(workloadKey) {
      pods.release(workloadKey);
      for (const uid of read.get(workloadKey) ?? []) checks.forget(uid);
      read.delete(workloadKey);
    },
    async releaseAll() {
      for (const uids of read.values()) for (const uid of uids) checks.forget(uid);
      read.clear();
      await pods.releaseAll();
    },
  };
}
