import { apiVersionOf, type Workload } from "./workload.ts";
import { type KubeEvent, kubeEvent } from "../kube/events.ts";

/** The Warning on a workload whose annotations cannot be read: one for each set of mistakes, however often told. */
export function mistakesEvent(
  { plugin, namespace, name, uid, mistakes }: Workload,
  now: Date,
  instance: string,
): KubeEvent {
  const message = mistakes.map(({ message }) => message).join("; ");
  const { resource } = plugin;
  return kubeEvent({
    object: { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name, uid },
    type: "Warning",
    reason: "InvalidAnnotation",
    message: `left alone: ${message}`,
    now,
    id: message,
    instance,
  });
}
