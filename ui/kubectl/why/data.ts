import { apiVersionOf, type Workload } from "../../../core/workloads/workload.ts";

/** What `-o json` says of the workload itself. */
export function workloadData(
  { plugin, namespace, name, settings, mistakes, warnings, notes, carrier }: Workload,
) {
  const { resource } = plugin;
  return {
    workload: { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name },
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
