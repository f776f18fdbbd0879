import { createLru, type Lru } from "../lib/lru.ts";
import { type Quota, quotaOf } from "./quota.ts";
import type { RegistryError } from "./registry_error.ts";

/** One request that was answered, or was not. */
export interface NotedRequest {
  /** The registry as image references name it, also where its token service was asked; of a Helm repository its host. */
  host: string;
  kind: "tags" | "manifest" | "blob" | "token" | "index";
  status: number | "error";
  /** With whose login, as `identityOf` has it. */
  who: string;
  headers?: Headers | undefined;
}

/** Times are in milliseconds since 1970. */
export interface RegistryState {
  host: string;
  lastRequest?: { at: number; kind: NotedRequest["kind"]; status: NotedRequest["status"] };
  lastPoll?: { at: number; repository: string; problem?: string };
  lastError?: { at: number; message: string };
  /** Answers of 429 since this replica started. */
  refusals: number;
  lastRefusedAt?: number;
  /** Until when it is left alone, as it asked, and by whom: registries count by login. A time that lies behind is over. */
  pause?: { until: number; of: "all" | "a login" | "no login" };
  /** As it was last told, for each login that was used, without a name for it: which one has least left comes first. */
  quotas: readonly (Quota & { at: number; withLogin: boolean })[];
  /** What could not be read at its last poll, the latest first. */
  failing: readonly { repository: string; message: string; at: number }[];
}

/** When something was read of a container's repository, and what kept it from being read. */
export interface LastCheck {
  /** Milliseconds since 1970. */
  at: number;
  problem?: string;
}

export interface RegistryStatesOptions {
  /** By what name a host is known here: one that tenants may not make more of without an end. */
  nameOf(host: string): string;
  now(): Date;
  onChange?(host: string): void;
}

/** What this replica has seen of registries since it started, as much as people are shown. */
export interface RegistryStates {
  requested(request: NotedRequest): void;
  failed(host: string, who: string, error: RegistryError): void;
  /** `reading` names what was read of a repository, apart for each login. */
  polled(repository: string, reading: string, containers: Iterable<string>, problem?: string): void;
  all(): RegistryState[];
  /** Of a container, as {@link containerKey} names it. */
  lastCheck(container: string): LastCheck | undefined;
  /** When a repository was polled last. */
  lastPollAt(): number | undefined;
}

/** Logins of a host whose quotas are known. */
const MOST_LOGINS = 16;
const MOST_FAILING = 50;
/** Containers whose last check is known. */
const MOST_CHECKED = 20_000;
/** The longest interval of polls, and some: what was not polled since is not polled any more. */
const FORGOTTEN_MS = 90_000_000;

interface Kept extends Omit<RegistryState, "quotas" | "failing"> {
  quotas: Lru<Quota & { at: number; withLogin: boolean }>;
  failing: Lru<{ repository: string; message: string; at: number }>;
}

/** A container of a workload, by the workload's key. */
export const containerKey = (workloadKey: string, container: string): string => `${workloadKey} ${container}`;

export function createRegistryStates({ nameOf, now, onChange }: RegistryStatesOptions): RegistryStates {
  const hosts = new Map<string, Kept>();
  /** Those checked last stand last. Problems are kept apart: most containers have none. */
  const checkedAt = new Map<string, number>();
  const problems = new Map<string, string>();
  let lastPollAt: number | undefined;

  function change(given: string, write: (kept: Kept, at: number) => void): void {
    const host = nameOf(given);
    let kept = hosts.get(host);
    if (!kept) {
      kept = { host, refusals: 0, quotas: createLru(MOST_LOGINS), failing: createLru(MOST_FAILING) };
      hosts.set(host, kept);
    }
    write(kept, now().getTime());
    onChange?.(host);
  }

  function check(container: string, at: number, problem: string | undefined): void {
    checkedAt.delete(container);
    checkedAt.set(container, at);
    if (problem !== undefined) problems.set(container, problem);
    else if (problems.size > 0) problems.delete(container);
    if (checkedAt.size <= MOST_CHECKED) return;
    const [oldest] = checkedAt.keys();
    checkedAt.delete(oldest!);
    problems.delete(oldest!);
  }

  return {
    requested: ({ host, kind, status, who, headers }) =>
      change(host, (kept, at) => {
        kept.lastRequest = { at, kind, status };
        if (status === 429) {
          kept.refusals++;
          kept.lastRefusedAt = at;
        }
        const quota = headers && kind !== "token" ? quotaOf(headers, at) : undefined;
        if (quota) kept.quotas.set(who, { ...quota, at, withLogin: who !== "" });
      }),
    failed: (host, who, { kind, message, status, retryAfterSeconds }) =>
      change(host, (kept, at) => {
        kept.lastError = { at, message };
        // without a status it tells of a pause that is known
        if (kind !== "rate-limited" || retryAfterSeconds === undefined || status === undefined) return;
        const until = at + retryAfterSeconds * 1000;
        if (until <= (kept.pause?.until ?? 0)) return;
        kept.pause = { until, of: status !== 429 ? "all" : who === "" ? "no login" : "a login" };
      }),
    polled(repository, reading, containers, problem) {
      change(registryOf(repository), (kept, at) => {
        lastPollAt = at;
        kept.lastPoll = { at, repository, ...(problem === undefined ? {} : { problem }) };
        if (problem === undefined) kept.failing.delete(reading);
        else kept.failing.set(reading, { repository, message: problem, at });
        for (const container of containers) check(container, at, problem);
      });
    },
    all() {
      const at = now().getTime();
      return [...hosts.values()].map(({ quotas, failing, ...kept }) => ({
        ...kept,
        quotas: quotas.values().sort((a, b) => a.remaining - b.remaining),
        failing: failing.values().filter((one) => at - one.at < FORGOTTEN_MS).reverse(),
      }));
    },
    lastCheck(container) {
      const at = checkedAt.get(container);
      const problem = problems.get(container);
      return at === undefined ? undefined : { at, ...(problem === undefined ? {} : { problem }) };
    },
    lastPollAt: () => lastPollAt,
  };
}

/** The host of a registry or a Helm repository, by the name of an artifact's repository. */
export function registryOf(repository: string): string {
  if (!repository.includes("://")) return repository.split("/")[0]!;
  return URL.canParse(repository) ? new URL(repository).host : repository;
}
