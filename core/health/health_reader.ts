import { targetOf, type Workload } from "../workloads/workload.ts";
import { withOthersOf } from "../requests/containers.ts";
import type { CheckRounds } from "./check_rounds.ts";
import type { NamedCheckReading } from "./checks.ts";
import { judgeHealth } from "./judge_health.ts";
import { countPods, unreadyFrom, worstFault } from "./pods.ts";
import type { PodWatches, WatchedPods } from "./pod_watches.ts";
import type { HealthReading } from "../plugin/reading.ts";
import type { SlotGroup } from "../workloads/slot_group.ts";
import type { UpdateRequest } from "../requests/update_request.ts";

export interface HealthReaderOptions {
  pods: PodWatches;
  checks: CheckRounds;
  onReading(reading: HealthReading): void;
}

/** The change whose workload is read. */
export interface Change {
  request: UpdateRequest;
  workload: Workload;
  slots: SlotGroup;
  /** RFC 3339. */
  appliedAt: string;
}

/** How changed workloads are: their rollouts, their pods, and the checks that they ask for. */
export interface HealthReader {
  /** As known now. From the first reading on the workload's pods are watched; checks that are due are begun. */
  read(change: Change, workloadKey: string): HealthReading;
  /** Nothing of a workload is verified any more. */
  release(workloadKey: string): void;
  /** This replica verifies nothing any more. */
  releaseAll(): Promise<void>;
}

const UNREAD: HealthReading = {
  state: "progressing",
  reason: "CheckWaiting",
  message: "its checks have not said anything yet",
  pending: true,
};
const UNWATCHED: WatchedPods = { synced: true, pods: [] };

export function createHealthReader({ pods, checks, onReading }: HealthReaderOptions): HealthReader {
  const read = new Map<string, Set<string>>();

  function checksOf(
    { request, workload, slots, appliedAt }: Change,
    workloadKey: string,
  ): NamedCheckReading[] | undefined {
    const { namespace, uid } = workload;
    const [slot] = slots;
    return checks.read(workloadKey, {
      workload: { ...targetOf(workload), uid },
      container: slot.name,
      ...withOthersOf(slots.map(({ name }) => name)),
      image: slot.current,
      updateRequest: { namespace, name: request.metadata.name, uid: request.metadata.uid },
      appliedAt,
    }, workload.checks ?? {});
  }

  return {
    read(change, workloadKey) {
      const { workload, slots: [slot], appliedAt, request } = change;
      const { rollout, podSelector, namespace } = workload;
      const isWatched = rollout.state !== "none" && podSelector !== undefined;
      const watched = isWatched ? pods.watch(workloadKey, namespace, podSelector) : UNWATCHED;
      const version = { container: slot.name, image: slot.current, since: appliedAt };
      const counts = isWatched && watched.synced ? { pods: countPods(watched.pods, version) } : {};
      const parts = {
        rollout,
        podsFault: worstFault(watched.pods, version),
        podsUnreadyFrom: unreadyFrom(watched.pods, version),
        podsSynced: watched.synced,
        podsProblem: watched.problem,
        checks: [],
        appliedAt,
      };
      let reading: HealthReading = { ...judgeHealth(parts), ...counts };
      if (reading.state === "healthy" && workload.checks) {
        read.set(workloadKey, (read.get(workloadKey) ?? new Set()).add(request.metadata.uid));
        const checks = checksOf(change, workloadKey);
        if (!checks) return UNREAD;
        reading = { ...judgeHealth({ ...parts, checks }), ...counts, again: true };
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
