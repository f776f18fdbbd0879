import { registryOf, type RegistryState } from "../registry/registry_states.ts";
import { isPolled } from "../workloads/event_sources.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import type { Workload } from "../workloads/workload.ts";

/** Which replica polls: what another one has seen is its own to tell. */
export type Polling = { here: true } | { here: false; by?: string };

/** How a host stands, the worst first. */
export const REGISTRY_STANDINGS = ["left alone", "failing", "read", "asked", "not asked"] as const;
export type RegistryStanding = typeof REGISTRY_STANDINGS[number];

/** A host that workloads use, or that was asked. */
export interface RegistryRow extends RegistryState {
  /** `left alone` as it asked for a pause that is not over; `failing` where something could not be read at its last poll. */
  standing: RegistryStanding;
  /** Workloads that use it. */
  workloads: number;
  /** Those of them that are polled for. */
  polled: number;
}

export interface RegistryReport {
  polling: Polling;
  /** Milliseconds since 1970: when this replica polled last. */
  lastPollAt?: number;
  rows: RegistryRow[];
  /** Hosts of workloads beyond those that are told of. */
  more: number;
}

export interface RegistryReportInput {
  states: readonly RegistryState[];
  workloads: Iterable<Workload>;
  polling: Polling;
  lastPollAt?: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** Tenants choose hosts. */
const MOST_ROWS = 200;

/** Pure: the hosts with trouble first, then by name. */
export function registryReport({ states, workloads, polling, lastPollAt, now }: RegistryReportInput): RegistryReport {
  const uses = new Map<string, { workloads: number; polled: number }>();
  for (const workload of workloads) {
    const polled = isPolled(workload) ? 1 : 0;
    for (const host of hostsOf(workload)) {
      const use = uses.get(host) ?? { workloads: 0, polled: 0 };
      uses.set(host, { workloads: use.workloads + 1, polled: use.polled + polled });
    }
  }
  const asked = new Set(states.map(({ host }) => host));
  const others = [...uses.keys()].filter((host) => !asked.has(host))
    .map((host): RegistryState => ({ host, refusals: 0, quotas: [], failing: [] }));
  const rows = [...states, ...others].map((state): RegistryRow => {
    const { pause, ...rest } = state;
    return {
      ...rest,
      ...(pause && pause.until > now ? { pause } : {}),
      standing: standingOf(state, now),
      ...(uses.get(state.host) ?? { workloads: 0, polled: 0 }),
    };
  }).sort(byStanding);
  return {
    polling,
    ...(lastPollAt === undefined ? {} : { lastPollAt }),
    rows: rows.slice(0, MOST_ROWS),
    more: Math.max(0, rows.length - MOST_ROWS),
  };
}

function standingOf({ pause, failing, lastPoll, lastRequest }: RegistryState, now: number): RegistryStanding {
  if (pause && pause.until > now) return "left alone";
  if (failing.length > 0) return "failing";
  if (lastPoll) return "read";
  return lastRequest ? "asked" : "not asked";
}

function byStanding(a: RegistryRow, b: RegistryRow): number {
  const rank = ({ standing }: RegistryRow) => REGISTRY_STANDINGS.indexOf(standing);
  return rank(a) - rank(b) || (a.host < b.host ? -1 : 1);
}

function hostsOf({ slots }: Workload): Iterable<string> {
  const [first, ...others] = slots.flatMap((slot) => repositoryOf(slot) ?? []);
  if (first === undefined) return [];
  return others.length === 0 ? [registryOf(first)] : new Set([first, ...others].map(registryOf));
}
