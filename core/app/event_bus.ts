import type { PolicyResult } from "../policy/decide.ts";
import type { Log, Sighting, SightingResult } from "../plugin.ts";
import type { Outcome } from "../lifecycle/do_step.ts";
import type { PatchStep } from "../lifecycle/step.ts";
import type { HealthReading } from "../plugin/reading.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { SlotRef } from "../workloads/workload_index.ts";

/** What core tells those who only watch: metrics, notifiers, the dashboard. */
export interface Events {
  /** A sighting whose UpdateRequests are stored. */
  sighting: { sighting: Sighting; trigger: string; trusted: boolean; result: SightingResult };
  /** What a policy said of the versions that a sighting brought to a slot. */
  decided: { slotRef: SlotRef; decision: PolicyResult };
  /** A request whose status was written. */
  statusWritten: Outcome;
  /** A workload that was changed. */
  patched: PatchStep;
  /** What a person did to a workload through Headwind's API. */
  byHand: "rollback" | "hold" | "resume";
  /** A changed workload whose health was read. */
  read: HealthReading;
  /** A request as last heard of, from a watch or from an own write. */
  changed: UpdateRequest;
  /** `namespace/name` of a request that is there no more. */
  requestGone: string;
  /** The key of a workload that was heard of: it is new, another than before, or gone. */
  workloadChanged: string;
  /** The host of a registry that was asked, or polled. */
  registryChanged: string;
  /** The name of a ConfigMap whose file is another than it was, or stands otherwise. */
  settingsChanged: string;
  /** This replica took or lost the Lease. */
  leading: boolean;
}

export interface Bus {
  /** Gives back what takes the listener off again. */
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void;
  /** Calls all listeners now; one that throws stops nobody. */
  emit<E extends keyof Events>(event: E, value: Events[E]): void;
}

export function createBus(log: Log): Bus {
  const listeners = new Map<keyof Events, Set<(value: never) => void>>();
  const failed = (event: keyof Events, error: unknown) => log.error("a listener failed", { event, error });
  return {
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => void set.delete(listener);
    },
    emit(event, value) {
      for (const listener of listeners.get(event) ?? []) {
        try {
          const result: unknown = (listener as (value: unknown) => unknown)(value);
          if (result instanceof Promise) result.catch((error) => failed(event, error));
        } catch (error) {
          failed(event, error);
        }
      }
    },
  };
}
