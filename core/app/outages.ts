import type { Cluster } from "./cluster.ts";
import { createOutageTeller } from "../workloads/tell_outages.ts";
import type { Ground } from "./ground.ts";
import type { ReadingWatch } from "../intake/registry_access.ts";
import { readingName, readingReasons } from "../workloads/readings.ts";
import { recordEvent } from "../kube/events.ts";
import { createToldInTurn } from "../kube/told_in_turn.ts";

/** Tells workloads, and nobody else, of what keeps their own source from being read: once for each outage, not for each poll. */
export function watchReadings({ client, identity, now, log, ending }: Ground, { mistakes }: Cluster): ReadingWatch {
  const { tell } = createToldInTurn({ write: (event) => recordEvent(client, event, log), signal: ending.signal });
  const outages = createOutageTeller({ record: tell, identity, now, log });
  return {
    warn: ({ workload }, message) => mistakes.warn(workload, "SecretLeftOut", message.replace(/\.$/, "")),
    failed(uses, reading, { kind, message }) {
      if (ending.signal.aborted) return;
      for (const { workload, slot } of uses) {
        const outage = { reason: readingReasons[slot.type].failed, cause: kind, message: message.replace(/\.$/, "") };
        outages.began(workload, readingName(slot, reading), outage);
      }
    },
    wasRead(uses, reading) {
      if (!outages.any()) return;
      for (const { workload, slot } of uses) {
        outages.ended(workload, readingName(slot, reading), readingReasons[slot.type].read);
      }
    },
  };
}
