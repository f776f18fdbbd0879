import { isEqual } from "../lib/equal.ts";
import type { KubeClient } from "../kube/client.ts";
import { formatLabelSelector, resourcePath } from "../kube/paths.ts";
import type { LabelSelector } from "../plugin.ts";
import { type ListWatch, listWatch } from "../kube/watch.ts";
import { type Pod, type PodView, projectPod } from "./pods.ts";

export interface PodWatchesOptions {
  client: KubeClient;
  /** Told once the pods are listed, and whenever something that is kept of one has changed. */
  onChange(workloadKey: string): void;
  onError(error: Error, namespace: string): void;
  /** A watch was opened: what went wrong before does not any more. */
  onOpen?(namespace: string): void;
}

/** The pods of a workload, as last heard of. */
export interface WatchedPods {
  /** Whether they were listed. */
  synced: boolean;
  pods: readonly PodView[];
  /** Why they are not heard of now. */
  problem?: string;
}

/** The pods of those workloads that are asked for, and of no other. */
export interface PodWatches {
  /**
   * From now on the workload's pods are watched.
   *
   * @throws where the API server would not take the selector
   */
  watch(workloadKey: string, namespace: string, selector: LabelSelector): WatchedPods;
  release(workloadKey: string): void;
  /** Resolves when no watch is open any more. */
  releaseAll(): Promise<void>;
  /** How many watches are open. */
  size(): number;
}

interface Group {
  watch: ListWatch;
  pods: Map<string, PodView>;
  workloads: Set<string>;
}

/** One watch for each namespace and selector, however many workloads want it, as long as one does. */
export function createPodWatches({ client, onChange, onError, onOpen }: PodWatchesOptions): PodWatches {
  const groups = new Map<string, Group>();
  const groupOf = new Map<string, string>();
  const ending = new Set<Promise<void>>();

  function open(namespace: string, labelSelector: string): Group {
    const pods = new Map<string, PodView>();
    const workloads = new Set<string>();
    const tell = () => {
      if (watch.isSynced()) { for (const key of [...workloads]) onChange(key); }
    };
    let told = false;
    const watch = listWatch<PodView>({
      client,
      path: resourcePath({ group: "", version: "v1", plural: "pods" }, namespace),
      query: { labelSelector },
      project: (object) => projectPod(object as unknown as Pod),
      onUpsert(key, pod) {
        if (isEqual(pods.get(key), pod)) return;
        pods.set(key, pod);
        tell();
      },
      onDelete(key) {
        pods.delete(key);
        tell();
      },
      onSynced() {
        if (!told) tell();
        told = true;
      },
      onError: (error) => onError(error, namespace),
      onOpen: () => onOpen?.(namespace),
    });
    return { watch, pods, workloads };
  }

  function release(workloadKey: string): void {
    const id = groupOf.get(workloadKey);
    const group = id === undefined ? undefined : groups.get(id);
    groupOf.delete(workloadKey);
    if (!group) return;
    group.workloads.delete(workloadKey);
    if (group.workloads.size > 0) return;
    groups.delete(id!);
    const end = group.watch.stop().finally(() => ending.delete(end));
    ending.add(end);
  }

  return {
    watch(workloadKey, namespace, selector) {
      const text = formatLabelSelector(selector);
      if (text === undefined) throw new Error(`${workloadKey}: pods cannot be listed by its selector`);
      const id = `${namespace}?${text}`;
      if (groupOf.get(workloadKey) !== id) release(workloadKey);
      let group = groups.get(id);
      if (!group) groups.set(id, group = open(namespace, text));
      group.workloads.add(workloadKey);
      groupOf.set(workloadKey, id);
      const { watch, pods } = group;
      return {
        synced: watch.isSynced(),
        pods: [...pods.values()],
        ...(watch.lastError === undefined ? {} : { problem: watch.lastError }),
      };
    },
    release,
    async releaseAll() {
      for (const key of [...groupOf.keys()]) release(key);
      await Promise.all(ending);
    },
    size: () => groups.size,
  };
}
