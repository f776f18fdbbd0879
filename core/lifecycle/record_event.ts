import { isAlreadyExists } from "../kube/errors.ts";
import type { KubeClient } from "../kube/client.ts";
import type { KubeEvent } from "../kube/events.ts";
import type { Log } from "../plugin.ts";
import { resourcePath } from "../kube/paths.ts";

/** Writes a Kubernetes Event. Told before is success, and a refusal is logged: an Event is never worth stopping for. */
export async function recordEvent(
  client: KubeClient,
  event: KubeEvent,
  log: Log,
  fieldManager = "headwind",
): Promise<void> {
  const path = resourcePath({ group: "", version: "v1", plural: "events" }, event.metadata.namespace);
  try {
    await client.request("POST", path, { body: event, query: { fieldManager }, unread: true });
  } catch (error) {
    if (!isAlreadyExists(error)) log.warn("an Event could not be written", { reason: event.reason, error });
  }
}
