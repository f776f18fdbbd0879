import { PREFIX, readAnnotations } from "../annotations.ts";
import type { Checks } from "../health/checks.ts";
import { podSlots } from "./slots.ts";
import { readPodSelector, readRollout } from "./rollout.ts";
import type { Workload } from "./workload.ts";
import type { WorkloadPlugin } from "../plugin.ts";

/** What is read of an API object of any workload kind. */
export interface WorkloadObject {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    resourceVersion?: string;
    deletionTimestamp?: string;
    annotations?: Record<string, string>;
  };
}

export interface ProjectOptions {
  /** Seconds, for workloads that do not say theirs. */
  pollingInterval: number;
  /** Which annotations ask for checks. */
  checks?: Pick<Checks, "has" | "mistakes" | "pick">;
}

/** Takes from an API object what matching, patching and verification need, and lets go of the rest. */
export function projectWorkload(
  plugin: WorkloadPlugin,
  object: WorkloadObject,
  { pollingInterval, checks }: ProjectOptions,
): Workload {
  const { metadata } = object;
  const annotations = metadata.annotations ?? {};
  const read = isManaged(object) ? readAnnotations(annotations, { pollingInterval }) : undefined;
  const hasChecks = read !== undefined && (checks?.has(annotations) ?? false);
  const doubts = [...read?.warnings ?? [], ...hasChecks ? checks!.mistakes(annotations) : []];
  const { slots, pullSecrets, serviceAccount } = podSlots(plugin, object);
  return {
    plugin,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion ?? "",
    settings: read?.ok ? read.settings : undefined,
    mistakes: read && !read.ok ? read.mistakes : none,
    doubts: doubts.length > 0 ? doubts : none,
    checks: hasChecks ? checks!.pick(annotations) : undefined,
    annotations: {
      any: metadata.annotations !== undefined,
      policy: annotations[`${PREFIX}policy`],
      history: annotations[`${PREFIX}update-history`],
      lastUpdate: annotations[`${PREFIX}last-update`],
      held: annotations[`${PREFIX}held`],
    },
    slots,
    pullSecrets,
    serviceAccount,
    rollout: readRollout(plugin, object),
    podSelector: readPodSelector(plugin, object),
  };
}

const none: Workload["mistakes"] = [];

/** Whether a workload asks for anything: it says a policy, and is not on its way out. */
export function isManaged({ metadata }: WorkloadObject): boolean {
  return metadata.deletionTimestamp === undefined && metadata.annotations?.[`${PREFIX}policy`] !== undefined;
}
