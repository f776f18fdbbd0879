import { targetOf, type Workload } from "../../../core/workloads/workload.ts";

/** What `-o json` says of the workload itself. */
export function workloadData(workload: Workload) {
  const { settings, mistakes, warnings, notes, carrier } = workload;
  return {
    workload: targetOf(workload),
    ...(settings
      ? {
        policy: settings.policy,
        requireApproval: settings.requireApproval,
        minUpdateInterval: settings.minUpdateInterval,
        eventSource: settings.eventSource,
      }
      : {}),
    mistakes: mistakes.map(({ message }) => message),
    doubts: warnings.map(({ message }) => message),
    notes: notes.map(({ reason, message }) => ({ reason, message })),
    ...(carrier
      ? { writtenIn: { kind: carrier.resource.kind, namespace: carrier.namespace, name: carrier.name } }
      : {}),
  };
}
