import { checkQueryFor } from "../workloads/event_sources.ts";
import type { Workload } from "../workloads/workload.ts";
import { definitionOf } from "../policy/policies.ts";
import type { WorkloadSettings } from "../workloads/annotations.ts";

/** Why there is nothing to be looked at for a workload that asks for it, in a sentence without a full stop. */
export function explainNoCheck({ policy, eventSource }: WorkloadSettings): string {
  if (definitionOf(policy).follows === "nothing") return `policy ${policy.name} takes nothing`;
  if (eventSource === "none") return "headwind.sh/event-source is none";
  return "no container and no chart of it has versions that are looked for";
}

/** Why there is nothing to be looked at for a workload, in a sentence without a full stop; undefined where there is. */
export function reasonForNoCheck(workload: Workload): string | undefined {
  const { settings, mistakes, slots } = workload;
  if (mistakes.length > 0) return mistakes.map(({ message }) => message).join("; ");
  if (!settings) return "it has no headwind.sh/policy";
  return slots.some((slot) => checkQueryFor({ workload, slot })) ? undefined : explainNoCheck(settings);
}
