import { apiVersionOf, type Workload } from "./workload.ts";
import { type KubeEvent, kubeEvent } from "../kube/events.ts";

/**
 * The Warning on a workload whose annotations cannot be read, or are read in another way than they are written: one for
 * each set of mistakes, however often told.
 */
export function mistakesEvent(workload: Workload, now: Date, instance: string): KubeEvent {
  const { plugin, namespace, name, uid, mistakes, doubts } = workload;
  const what = mistakes.length > 0 ? "left alone: " : "";
  const message = what + [...mistakes, ...doubts].map(({ message }) => message).join("; ");
  const { resource } = plugin;
  return kubeEvent({
    object: { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name, uid },
    type: "Warning",
    reason: "InvalidAnnotation",
    message,
    now,
    id: message,
    instance,
  });
}
