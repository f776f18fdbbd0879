import type { KubeEvent } from "../kube/events.ts";
import { keyOf } from "./index.ts";
import type { Log } from "../plugin.ts";
import { shownName, type Workload } from "./workload.ts";
import { workloadEvent } from "./mistakes.ts";

export interface TellOutagesOptions {
  record(event: KubeEvent): Promise<void>;
  /** This replica's name. */
  identity: string;
  now(): Date;
  log: Pick<Log, "warn" | "info">;
}

/** What keeps a workload's versions from being read. */
export interface Outage {
  /** In CamelCase, of the Event on the workload. */
  reason: string;
  /** Of which there is one Event, however its message changes. */
  cause: string;
  /** A sentence without a full stop. */
  message: string;
}

/** Tells of an outage when it begins, and of none again before it has ended. */
export interface OutageTeller {
  /** `what` cannot be read for a workload. */
  began(workload: Workload, what: string, outage: Outage): void;
  /** `what` was read. */
  ended(workload: Workload, what: string): void;
}

const mostUnderWay = 20_000;

export function createOutageTeller({ record, identity, now, log }: TellOutagesOptions): OutageTeller {
  const underWay = new Map<string, Set<string>>();
  const name = (workload: Workload, what: string) => `${keyOf(workload)} ${workload.uid} ${what}`;
  return {
    began(workload, what, { reason, cause, message }) {
      const key = name(workload, what);
      const causes = underWay.get(key) ?? new Set();
      if (causes.has(cause)) return;
      if (underWay.size >= mostUnderWay) underWay.clear();
      underWay.set(key, causes.add(cause));
      log.warn("about a workload", { workload: shownName(workload), reason, message });
      const id = `${what} ${cause}`;
      void record(
        workloadEvent(workload, { type: "Warning", reason, message, id, now: now(), instance: identity }),
      );
    },
    ended(workload, what) {
      if (underWay.delete(name(workload, what))) log.info("read again", { workload: shownName(workload), what });
    },
  };
}
