import type { Artifact, ArtifactSource, AskedCheck, PolledSource, SightingResult } from "../plugin.ts";
import { asksForCheck, type CheckOutcome } from "../workloads/asked_check.ts";
import { checkQueryFor } from "../workloads/event_sources.ts";
import { createLru } from "../lib/lru.ts";
import { createPool } from "../lib/pool.ts";
import { explainNoCheck } from "./explain_no_check.ts";
import { keyOf, type SlotRef, type WorkloadIndex } from "../workloads/workload_index.ts";
import type { Log } from "../plugin.ts";
import { repositoryOf } from "../versions/slot_reference.ts";
import { delay, untilAborted } from "../lib/delay.ts";
import { readFailureOf } from "./registry_access.ts";
import type { Workload } from "../workloads/workload.ts";

/** Looks at one source of what is asked for, and reports what it shows. */
export type Check = (asked: AskedCheck, signal: AbortSignal) => Promise<SightingResult>;

export interface AskedChecksOptions {
  index: Pick<WorkloadIndex, "get" | "all">;
  /** The sources of an artifact, for these workloads alone. */
  sources(artifact: Artifact, workloads: ReadonlySet<string>): Promise<PolledSource[]>;
  isOf(source: ArtifactSource, slotRef: SlotRef): boolean;
  /** Whether a request, by `namespace/name`, is of a workload. */
  isRequestOf(request: string, workload: Workload): boolean;
  /** Writes down what came of a check. */
  write(workload: Workload, lastCheck: CheckOutcome): Promise<void>;
  /** By the cluster's clock. */
  now(): Date;
  /** Milliseconds that only grow. */
  elapsed(): number;
  log: Log;
  /**
   * Least milliseconds between two looks at a repository.
   *
   * @default 10,000
   */
  apartMs?: number;
  /** Told of each workload that has been looked at. */
  onDone?(outcome: "read" | "failed"): void;
}

/**
 * What people ask to be looked at now, by an annotation: the one that holds the Lease looks, a repository at most once in ten seconds.
 * What is done is written on the workload, so whoever holds the Lease next knows what is still asked for.
 */
export interface AskedChecks {
  /** A workload has changed. */
  heard(workload: Workload): void;
  /** Somebody looks from now on; the answer ends that. */
  by(check: Check): () => void;
  /** The duty of the one that holds the Lease. */
  run(signal: AbortSignal): Promise<void>;
}

/** Of a source, reading and waiting for a turn of its host included. */
const TIMEOUT_MS = 300_000;
const PATIENCE_MS = 10_000;
const LIMITS = { most: 64, mostOfNamespace: 8, mostOfHost: 8 };
/** Workloads whose last ask is remembered until their watch tells of it, and artifacts that were looked at. */
const MOST_REMEMBERED = 20_000;

class NobodyLooks extends Error {}

/** One workload that asks. */
interface Ask {
  requested: string;
  /** Artifacts that have not been looked at yet. */
  left: Set<string>;
  updateRequests: Set<string>;
  errors: Set<string>;
}

export function createAskedChecks(options: AskedChecksOptions): AskedChecks {
  const { index, now, elapsed, log, apartMs = 10_000 } = options;
  const checks = new Set<Check>();
  /** By workload. */
  const asks = new Map<string, Ask>();
  const handled = createLru<string>(MOST_REMEMBERED);
  /** By artifact: who waits for it to be looked at. */
  const waiting = new Map<string, { artifact: Artifact; asking: Map<string, Ask> }>();
  /** By artifact: when it was looked at last. */
  const lookedAt = createLru<number>(MOST_REMEMBERED);
  let over: AbortSignal | undefined;
  let pool: ReturnType<typeof createPool> | undefined;

  function heard(workload: Workload): void {
    const key = keyOf(workload);
    const { checkRequested: requested = "", settings } = workload;
    if (!over || over.aborted || !settings || !asksForCheck(workload, now().getTime())) return;
    if (handled.get(key) === requested || asks.get(key)?.requested === requested) return;
    const ask: Ask = { requested, left: new Set(), updateRequests: new Set(), errors: new Set() };
    asks.set(key, ask);
    for (const artifact of artifactsOf(workload)) {
      const name = nameOf(artifact);
      ask.left.add(name);
      const others = waiting.get(name);
      if (others) others.asking.set(key, ask);
      else {
        waiting.set(name, { artifact, asking: new Map([[key, ask]]) });
        void lookWhenDue(name, over);
      }
    }
    if (ask.left.size > 0) return;
    ask.errors.add(explainNoCheck(settings));
    void finish(key, ask);
  }

  /** What is asked for meanwhile is done with it. */
  async function lookWhenDue(name: string, signal: AbortSignal): Promise<void> {
    const wait = (lookedAt.get(name) ?? -Infinity) + apartMs - elapsed();
    if (wait > 0) await delay(wait, signal).catch(() => {});
    const asked = waiting.get(name);
    if (signal.aborted || !asked) return;
    waiting.delete(name);
    lookedAt.set(name, elapsed());
    await look(asked.artifact, asked.asking, signal);
    if (signal.aborted) return;
    await Promise.all([...asked.asking].map(async ([key, ask]) => {
      ask.left.delete(name);
      if (ask.left.size === 0) await finish(key, ask);
    }));
  }

  async function look(artifact: Artifact, asking: ReadonlyMap<string, Ask>, signal: AbortSignal): Promise<void> {
    const host = hostOf(artifact);
    const keys = new Set(asking.keys());
    const failed = (error: unknown) => {
      const why = error instanceof NobodyLooks ? error : readFailureOf(artifact.repository, error) ?? (error as Error);
      return why.message.replace(/\.$/, "");
    };
    try {
      const namespace = index.get([...keys][0]!)?.namespace ?? "";
      const sources = await pool!.run({ namespace }, () => options.sources(artifact, keys), signal);
      await Promise.all(sources.map(async (polled) => {
        const told = (tell: (ask: Ask, workload: Workload) => void) => {
          for (const [key, ask] of asking) {
            const workload = index.get(key);
            const isOfSource = (slot: Workload["slots"][number]) =>
              repositoryOf(slot) === artifact.repository && options.isOf(polled.source, { workload: workload!, slot });
            if (workload?.slots.some(isOfSource)) tell(ask, workload);
          }
        };
        try {
          const place = { namespace: polled.namespaces[0] ?? "", host };
          const requests = await pool!.run(place, (signal) => lookAt({ ...polled, artifact }, signal), signal);
          told((ask, workload) => {
            for (const request of requests) {
              if (options.isRequestOf(request, workload)) ask.updateRequests.add(request.split("/").at(-1)!);
            }
          });
        } catch (error) {
          if (signal.aborted) return;
          told((ask) => ask.errors.add(failed(error)));
        }
      }));
    } catch (error) {
      if (signal.aborted) return;
      log.warn("a check that was asked for could not begin", { repository: artifact.repository, error });
      for (const ask of asking.values()) ask.errors.add(failed(error));
    }
  }

  /** Names of the requests that there are then. */
  async function lookAt(asked: AskedCheck, signal: AbortSignal): Promise<Set<string>> {
    // a trigger that failed begins again
    for (let waited = 0; checks.size === 0; waited += 250) {
      if (waited >= PATIENCE_MS) throw new NobodyLooks("this operator has no trigger that looks when it is asked");
      await delay(250, signal);
    }
    const results = await Promise.all([...checks].map((check) => check(asked, signal)));
    return new Set(results.flatMap(({ updateRequests }) => updateRequests));
  }

  async function finish(key: string, ask: Ask): Promise<void> {
    if (asks.get(key) !== ask) return;
    asks.delete(key);
    handled.set(key, ask.requested);
    const workload = index.get(key);
    if (!workload) return;
    options.onDone?.(ask.errors.size > 0 ? "failed" : "read");
    const { requested, updateRequests, errors } = ask;
    try {
      await options.write(workload, {
        requested,
        at: now().toISOString(),
        updateRequests: [...updateRequests].sort(),
        ...(errors.size > 0 ? { error: [...errors].join("; ") } : {}),
      });
    } catch (error) {
      log.warn("what came of a check could not be written down", { workload: key, error });
    }
  }

  return {
    heard,
    by(check) {
      checks.add(check);
      return () => void checks.delete(check);
    },
    async run(signal) {
      over = signal;
      pool = createPool({ ...LIMITS, timeoutMs: TIMEOUT_MS, signal });
      for (const workload of index.all()) heard(workload);
      await untilAborted(signal);
      asks.clear();
      waiting.clear();
    },
  };
}

const nameOf = ({ type, repository }: Artifact): string => `${type} ${repository}`;

/** What is to be looked at for a workload. */
function artifactsOf(workload: Workload): Artifact[] {
  const found = new Map<string, Artifact>();
  for (const slot of workload.slots) {
    const repository = repositoryOf(slot);
    if (repository === undefined || !checkQueryFor({ workload, slot })) continue;
    const artifact = { type: slot.type, repository };
    found.set(nameOf(artifact), artifact);
  }
  return [...found.values()];
}

const hostOf = ({ repository }: Artifact): string =>
  repository.includes("://") ? new URL(repository).host : repository.split("/")[0]!;
