import { PREFIX } from "../../core/workloads/annotations.ts";
import type { KubeObject } from "../../core/kube/list.ts";
import { readRollout } from "../../core/workloads/rollout.ts";
import { readSlots } from "../../core/workloads/slots.ts";
import type { FindObject, WorkloadPlugin } from "../../core/plugin.ts";
import { builtins } from "../../plugins/builtin.ts";
import type { WorkloadView } from "./change.ts";

/** The kinds of workloads that come with Headwind. */
export const workloadPlugins: readonly WorkloadPlugin[] = builtins.filter((plugin) => plugin.kind === "workload");

/** An onlooker does not follow what workloads refer to. */
const nothingElse: FindObject = () => ({ missing: true });

/** Whether anything on it is for Headwind: what Helm makes of a chart is not looked at for itself. */
export const isFollowed = ({ metadata }: KubeObject): boolean =>
  Object.keys(metadata.annotations ?? {}).some((name) => name.startsWith(PREFIX));

/** What an onlooker keeps of a workload. */
export function viewOf(plugin: WorkloadPlugin, object: KubeObject): WorkloadView {
  const annotations = Object.entries((object.metadata.annotations ?? {}) as Record<string, string>);
  const ours = annotations.filter(([name]) => name.startsWith(PREFIX));
  return {
    kind: plugin.resource.kind,
    name: object.metadata.name,
    generation: Number(object.metadata.generation ?? 1),
    images: Object.fromEntries(
      readSlots(plugin, object, nothingElse).slots.map(({ name, current }) => [name, current]),
    ),
    annotations: Object.fromEntries(ours.map(([name, value]) => [name.slice(PREFIX.length), value])),
    rollout: readRollout(plugin, object, nothingElse),
  };
}

/** Whether its controller is done with the newest template, or has nothing to do. */
export const isSettled = ({ rollout }: WorkloadView): boolean =>
  rollout.state === "complete" || rollout.state === "none";
