import { registryOf, type RegistryState } from "../registry/registry_states.ts";
import { isPolled } from "../workloads/event_sources.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import type { Workload } from "../workloads/workload.ts";

/** Which replica polls: what another one has seen is its own to tell. */
export type Polling = { here: true } | { here: false; by?: string };

/** How a host stands, the worst first. */
const REGISTRY_STANDINGS = ["left alone", "failing", "read", "asked", "not asked"] as const;
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
  /** Whether it is of some namespaces alone. */
  isPartial: boolean;
}

export interface RegistryReportInput {
  states: readonly RegistryState[];
  workloads: Iterable<Workload>;
  /** Of these alone: of the hosts that their workloads use, without what is said of others' repositories. All if absent. */
  namespaces?: ReadonlySet<string> | undefined;
  polling: Polling;
  lastPollAt?: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** Tenants choose hosts. */
const MOST_ROWS = 200;

/** Pure: the hosts with trouble first, then by name. */
export function registryReport(input: RegistryReportInput): RegistryReport {
  const { states, workloads, namespaces, polling, lastPollAt, now } = input;
  const uses = new Map<string, { workloads: number; polled: number }>();
  const repositories = new Set<string>();
  for (const workload of workloads) {
    if (namespaces && !namespaces.has(workload.namespace)) continue;
    const polled = isPolled(workload) ? 1 : 0;
    const own = repositoriesOf(workload);
    if (namespaces) { for (const repository of own) repositories.add(repository); }
    for (const host of hostsOf(own)) {
      const use = uses.get(host) ?? { workloads: 0, polled: 0 };
      uses.set(host, { workloads: use.workloads + 1, polled: use.polled + polled });
    }
  }
  const asked = new Set(states.map(({ host }) => host));
  const others = [...uses.keys()].filter((host) => !asked.has(host))
    .map((host): RegistryState => ({ host, refusals: 0, quotas: [], failing: [] }));
  const told = namespaces
    ? states.filter(({ host }) => uses.has(host)).map((state) => withoutOthers(state, repositories))
    : states;
  const rows = [...told, ...others].map((state): RegistryRow => {
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
    isPartial: namespaces !== undefined,
  };
}

/** Repositories, and errors that name them, are their tenants' own. */
function withoutOthers(state: RegistryState, repositories: ReadonlySet<string>): RegistryState {
  const { lastPoll, lastError: _, failing, ...rest } = state;
  return {
    ...rest,
    ...(lastPoll && repositories.has(lastPoll.repository) ? { lastPoll } : {}),
    failing: failing.filter(({ repository }) => repositories.has(repository)),
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

const repositoriesOf = ({ slots }: Workload): string[] => slots.flatMap((slot) => repositoryOf(slot) ?? []);

function hostsOf([first, ...others]: readonly string[]): Iterable<string> {
  if (first === undefined) return [];
  return others.length === 0 ? [registryOf(first)] : new Set([first, ...others].map(registryOf));
}
