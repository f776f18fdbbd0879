import { apiVersionOf, type Workload } from "./workload.ts";
import { type KubeEvent, kubeEvent } from "../kube/events.ts";

/**
 * The Events that tell what keeps a workload from being looked after as it asks: its annotations cannot be read, or are
 * read in another way than they are written, or what it refers to is not there. One for each, however often told.
 */
export function mistakesEvents(workload: Workload, now: Date, instance: string): KubeEvent[] {
  const { mistakes, doubts, notes, annotations } = workload;
  const event = (type: "Normal" | "Warning", reason: string, message: string) =>
    workloadEvent(workload, { type, reason, message, now, instance });
  const isManaged = annotations.policy !== undefined;
  const what = mistakes.length > 0 || !isManaged ? "left alone: " : "";
  const said = [...mistakes, ...doubts].map(({ message }) => message).join("; ");
  return [
    ...(said ? [event("Warning", "InvalidAnnotation", what + said)] : []),
    ...notes.filter(({ passing }) => isManaged && !passing).map(({ type, reason, message }) =>
      event(type, reason, message)
    ),
  ];
}

/** An Event on a workload; the same text makes the same Event, or the same `id` where there is one. */
export function workloadEvent(
  { plugin, namespace, name, uid }: Workload,
  event:
    & Pick<Parameters<typeof kubeEvent>[0], "type" | "reason" | "message" | "now" | "instance" | "annotations">
    & { id?: string },
): KubeEvent {
  const { resource } = plugin;
  const object = { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name, uid };
  return kubeEvent({ id: event.message, ...event, object });
}
