import { PREFIX, readAnnotations } from "../annotations.ts";
import { podSlots } from "./slots.ts";
import type { Workload } from "./workload.ts";
import type { WorkloadPlugin } from "../plugin.ts";

/** What is read of an API object of any workload kind. */
export interface WorkloadObject {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    deletionTimestamp?: string;
    annotations?: Record<string, string>;
  };
}

/** Takes from an API object what matching and patching need, and lets go of the rest. */
export function projectWorkload(plugin: WorkloadPlugin, object: WorkloadObject, pollingInterval: number): Workload {
  const { metadata } = object;
  const annotations = metadata.annotations ?? {};
  const read = isManaged(object) ? readAnnotations(annotations, { pollingInterval }) : undefined;
  const { slots, pullSecrets, serviceAccount } = podSlots(plugin, object);
  return {
    plugin,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    settings: read?.ok ? read.settings : undefined,
    mistakes: read && !read.ok ? read.mistakes : none,
    annotations: {
      any: metadata.annotations !== undefined,
      policy: annotations[`${PREFIX}policy`],
      history: annotations[`${PREFIX}update-history`],
      lastUpdate: annotations[`${PREFIX}last-update`],
    },
    slots,
    pullSecrets,
    serviceAccount,
  };
}

const none: Workload["mistakes"] = [];

/** Whether a workload asks for anything: it says a policy, and is not on its way out. */
export function isManaged({ metadata }: WorkloadObject): boolean {
  return metadata.deletionTimestamp === undefined && metadata.annotations?.[`${PREFIX}policy`] !== undefined;
}
