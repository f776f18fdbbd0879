import type { KubeClient } from "../../core/kube/client.ts";
import type { KubeEvent } from "../../core/kube/events.ts";
import type { KubeObject } from "../../core/kube/list.ts";
import { resourcePath } from "../../core/kube/paths.ts";
import { type ListWatch, listWatch } from "../../core/kube/watch.ts";
import { RESOURCE, type UpdateRequest } from "../../core/requests/update_request.ts";
import type { Change, WorkloadView } from "./change.ts";
import { isFollowed, viewOf, workloadPlugins } from "./view.ts";

/** One namespace as an onlooker sees it, by name of the object. */
export interface World {
  requests: ReadonlyMap<string, UpdateRequest>;
  workloads: ReadonlyMap<string, WorkloadView>;
  warnings: ReadonlyMap<string, KubeEvent>;
  /** Whether all is listed. */
  isSynced(): boolean;
  stop(): Promise<void>;
}

/** Watches the workloads and UpdateRequests of a namespace, and the operator's Warnings. */
export function watchWorld(kube: KubeClient, namespace: string, onChange: (change: Change) => void): World {
  const requests = new Map<string, UpdateRequest>();
  const workloads = new Map<string, WorkloadView>();
  const warnings = new Map<string, KubeEvent>();
  const watches: ListWatch[] = [];

  function watch<T>(path: string, project: (object: KubeObject) => T | undefined, into: Map<string, T>, see: See<T>) {
    watches.push(listWatch<T>({
      client: kube,
      path,
      project,
      onUpsert(key, after) {
        const name = key.slice(key.indexOf("/") + 1);
        const before = into.get(name);
        into.set(name, after);
        onChange(see(after, before));
      },
      onDelete: (key) => void into.delete(key.slice(key.indexOf("/") + 1)),
    }));
  }

  watch(
    resourcePath(RESOURCE, namespace),
    (object) => object as unknown as UpdateRequest,
    requests,
    (after, before) => ({ of: "request", before, after }),
  );
  for (const plugin of workloadPlugins) {
    watch(
      resourcePath(plugin.resource, namespace),
      (object) => isFollowed(object) ? viewOf(plugin, object) : undefined,
      workloads,
      (after, before) => ({ of: "workload", before, after }),
    );
  }
  watch(
    resourcePath({ group: "", version: "v1", plural: "events" }, namespace),
    (object) => isWarning(object as unknown as KubeEvent) ? object as unknown as KubeEvent : undefined,
    warnings,
    (after, before) => ({ of: "warning", before, after }),
  );
  return {
    requests,
    workloads,
    warnings,
    isSynced: () => watches.every((one) => one.isSynced()),
    stop: async () => void await Promise.all(watches.map((one) => one.stop())),
  };
}

type See<T> = (after: T, before: T | undefined) => Change;

/** Whether an Event is a Warning of the operator, not of Kubernetes' own controllers. */
export const isWarning = ({ type, source }: KubeEvent): boolean =>
  type === "Warning" && source?.component === "headwind";
