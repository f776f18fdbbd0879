import type { Cluster } from "./cluster.ts";
import { createOutageTeller } from "../match/tell_outages.ts";
import type { Ground } from "./ground.ts";
import type { ReadingWatch } from "../intake/registry_access.ts";
import { recordEvent } from "../updates/record.ts";
import { repositoryOf } from "../match/repository.ts";
import type { Use } from "../match/index.ts";

const reasons = { image: "ImageSourceFailed", chart: "ChartSourceFailed" } as const;

/** Tells workloads, and nobody else, of what keeps their own source from being read: once for each outage, not for each poll. */
export function watchReadings({ client, identity, now, log, ending }: Ground, { mistakes }: Cluster): ReadingWatch {
  const outages = createOutageTeller({ record: (event) => recordEvent(client, event, log), identity, now, log });
  const what = ({ slot }: Use) => repositoryOf(slot) ?? slot.current;
  return {
    warn: ({ workload }, message) => mistakes.warn(workload, "SecretLeftOut", message.replace(/\.$/, "")),
    failed(uses, { kind, message }) {
      if (ending.signal.aborted) return;
      for (const use of uses) {
        const outage = { reason: reasons[use.slot.type], cause: kind, message: message.replace(/\.$/, "") };
        outages.began(use.workload, what(use), outage);
      }
    },
    wasRead(uses) {
      for (const use of uses) outages.ended(use.workload, what(use));
    },
  };
}
