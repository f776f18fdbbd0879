import type { KubeClient } from "../kube/client.ts";
import { isForbidden } from "../registry/read_secret.ts";
import type { KubeEvent } from "../kube/events.ts";
import { describeQuery, type LastReading, lastReadings } from "../workloads/source_events.ts";
import { pollQueryFor } from "../workloads/event_sources.ts";
import { resourcePath } from "../kube/paths.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import type { Workload } from "../workloads/workload.ts";

/** By reading, what Headwind told of it last on a workload. */
export type Readings = ReadonlyMap<string, LastReading>;

/** A workload has few Events: Kubernetes keeps each for an hour. */
const most = 500;

/** What Headwind told of its polls for a workload; nothing for who may not list Events. */
export async function readPollEvents(client: KubeClient, { namespace, uid }: Workload): Promise<Readings> {
  const path = resourcePath({ group: "", version: "v1", plural: "events" }, namespace);
  const query = { fieldSelector: `involvedObject.uid=${uid},source=headwind`, limit: String(most) };
  try {
    const { items } = await client.request<{ items: KubeEvent[] }>("GET", path, { query });
    return lastReadings(items);
  } catch (error) {
    if (isForbidden(error)) return new Map();
    throw error;
  }
}

/** Of what a container is polled for, what Headwind cannot read. Pure. */
export function unreadOf(slotRef: SlotRef, readings: Readings): LastReading[] {
  const wish = pollQueryFor(slotRef);
  if (wish === undefined) return [];
  const wanted = wish === "tags" ? [wish, "digest" as const] : [wish];
  return wanted.flatMap((reading) => {
    const told = readings.get(describeQuery(slotRef.slot, reading));
    return told?.failed ? [told] : [];
  });
}
