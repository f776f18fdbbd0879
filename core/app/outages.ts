import type { Cluster } from "./cluster.ts";
import { createSourceEventRecorder, describeQuery, SOURCE_EVENT_REASONS } from "../workloads/source_events.ts";
import type { Ground } from "./ground.ts";
import type { ReadingWatch } from "../intake/registry_access.ts";
import { recordEvent } from "../kube/events.ts";
import { createToldInTurn } from "../kube/told_in_turn.ts";

/** Tells workloads, and nobody else, of what keeps their own source from being read: once for each outage, not for each poll. */
export function watchReadings({ client, identity, now, log, ending }: Ground, { mistakes }: Cluster): ReadingWatch {
  const { tell } = createToldInTurn({ write: (event) => recordEvent(client, event, log), signal: ending.signal });
  const outages = createSourceEventRecorder({ record: tell, identity, now, log });
  return {
    warn: ({ workload }, message) => mistakes.warn(workload, "SecretLeftOut", message.replace(/\.$/, "")),
    failed(slotRefs, reading, { kind, message }) {
      if (ending.signal.aborted) return;
      for (const { workload, slot } of slotRefs) {
        const outage = {
          reason: SOURCE_EVENT_REASONS[slot.type].failed,
          cause: kind,
          message: message.replace(/\.$/, ""),
        };
        outages.failed(workload, describeQuery(slot, reading), outage);
      }
    },
    wasRead(slotRefs, reading) {
      if (!outages.hasFailures()) return;
      for (const { workload, slot } of slotRefs) {
        outages.recovered(workload, describeQuery(slot, reading), SOURCE_EVENT_REASONS[slot.type].read);
      }
    },
  };
}
