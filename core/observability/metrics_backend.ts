import { readFile } from "node:fs/promises";
import { AWAY, type Candidate, type Choice, chooseBackend, type PassedBackend, titleOf } from "./choose_backend.ts";
import { CATALOG, type MetricEntry } from "../telemetry/catalog.ts";
import { createAnswerCache } from "../lib/answer_cache.ts";
import { fitToQuery } from "./fit_series.ts";
import type { Fetch } from "../runtime/fetch.ts";
import { findBackendServices } from "./backend_services.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log, MetricsContext, MetricsPlace, RangeQuery, Sample, Series } from "../plugin.ts";
import type { ObservabilitySettings } from "./observability_settings.ts";
import type { PluginHost } from "../host/plugin_host.ts";
import { redactSecrets } from "../telemetry/redact.ts";

/** Which backend is in use, and why no other. */
export interface BackendState {
  /** Of the plugin. */
  name: string;
  title: string;
  /** Absent where it is asked nowhere else. */
  url?: string;
  /** Whether it was found among the cluster's Services, and not set. */
  found: boolean;
  since: Date;
  /** Those that came before it in the order, and could not be used. */
  passed: readonly PassedBackend[];
}

export type { PassedBackend } from "./choose_backend.ts";

/** Numbers of the past, from whichever backend can be used. */
export interface MetricsBackend {
  /** Undefined where no metrics plugin is left to use. */
  state(): Promise<BackendState | undefined>;
  /**
   * All numbers of Headwind's of this moment, each replica's own.
   *
   * @throws in words, for people
   */
  current(): Promise<Sample[]>;
  /**
   * One metric over time, all replicas together.
   *
   * @throws in words, for people
   */
  range(query: RangeQuery): Promise<Series[]>;
  /** All metrics that there are, of plugins too. */
  entries: readonly Pick<MetricEntry, "name" | "type">[];
}

export interface MetricsBackendOptions {
  host: PluginHost;
  client: KubeClient;
  /** As they are now: another content leads to another choice. */
  settings(): ObservabilitySettings;
  /** Of plugins. */
  entries?: readonly Pick<MetricEntry, "name" | "type">[];
  exposition: MetricsContext["exposition"];
  remembered: MetricsContext["remembered"];
  /** To places that were found, which anybody may have put there. */
  fetchFound: Fetch;
  now(): Date;
  log: Log;
  /** Aborted when the operator ends. */
  signal: AbortSignal;
  /** Milliseconds, of a clock that nobody sets. */
  clock?(): number;
}

const QUERY_MS = 6_000;
const PROBE_MS = 2_000;
const FIND_MS = 3_000;
/** How old a choice may be before it is looked again whether another is better. */
const GOOD_FOR_MS = 300_000;
/** The same for the replica's own numbers, which are what is left when all else fails. */
const FALLBACK_GOOD_FOR_MS = 30_000;
/** So long an answer serves everybody who asks the same. */
const KEPT_MS = 15_000;
/** Numbers of all answers that are kept: a day of all charts is a tenth of them. */
const KEPT = 200_000;

interface Made {
  choice: Choice;
  settings: string;
  at: number;
  since: Date;
}

/** Nothing is asked of anybody before somebody wants to know. */
export function createMetricsBackend(options: MetricsBackendOptions): MetricsBackend {
  const { host, client, signal, log, clock = () => performance.now() } = options;
  const plugins = host.of("metrics");
  let made: Made | undefined;
  let making: Promise<Made> | undefined;
  let kept = createKept();

  function createKept() {
    return createAnswerCache<Sample[] | Series[]>(KEPT_MS, KEPT, { now: clock, weigh: sizeOf });
  }

  function make(settings: ObservabilitySettings): Promise<Made> {
    making ??= choose(settings).finally(() => making = undefined);
    return making;
  }

  async function choose(settings: ObservabilitySettings): Promise<Made> {
    const choice = await chooseBackend({ plugins, settings, find, probe });
    const before = made;
    const isSame = before !== undefined && idOf(before.choice) === idOf(choice);
    made = {
      choice,
      settings: JSON.stringify(settings),
      at: clock(),
      since: isSame ? before.since : options.now(),
    };
    if (!isSame) {
      kept = createKept();
      log.info("chose a metrics backend", {
        backend: choice.chosen?.plugin.name ?? "none",
        url: choice.chosen?.place?.url,
        passed: choice.passed.map(({ title, url, why }) => [title, url, why].filter((part) => part).join(": ")),
      });
    }
    return made;
  }

  async function latest(): Promise<Made> {
    const settings = options.settings();
    if (!made || made.settings !== JSON.stringify(settings)) return await make(settings);
    const goodFor = made.choice.chosen?.place ? GOOD_FOR_MS : FALLBACK_GOOD_FOR_MS;
    // whoever asks now is not kept waiting
    if (clock() - made.at > goodFor) make(settings).catch(() => {});
    return made;
  }

  async function find() {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(FIND_MS)]);
    try {
      return await findBackendServices(client, limit);
    } catch (error) {
      signal.throwIfAborted();
      log.debug("Services cannot be looked through for a metrics backend", { error });
      return { places: [], listed: false };
    }
  }

  async function probe(candidate: Candidate): Promise<string | undefined> {
    const { plugin } = candidate;
    try {
      const context = await contextOf(candidate);
      return await host.guarded(plugin, { ms: PROBE_MS, signals: [signal] }, async (limit) => {
        // that it is not there is no fault of the plugin
        try {
          return await plugin.available(context, limit) ? undefined : "it knows no series of Headwind's";
        } catch (error) {
          return limit.aborted ? AWAY : wordsOf(error);
        }
      });
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof DOMException && error.name === "TimeoutError" ? AWAY : wordsOf(error);
    }
  }

  async function contextOf({ plugin, place, found }: Candidate): Promise<MetricsContext> {
    const { exposition, remembered, fetchFound } = options;
    const context = { ...host.context(plugin), exposition, remembered };
    if (!place) return context;
    return { ...context, place: await withToken(place), ...(found ? { fetch: fetchFound } : {}) };
  }

  async function ask<T>(
    candidate: Candidate,
    work: (plugin: Candidate["plugin"], context: MetricsContext, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { plugin } = candidate;
    const context = await contextOf(candidate);
    const late = () => new Error(`${titleOf(plugin)} did not answer in ${QUERY_MS / 1000} s`);
    const limits = { ms: QUERY_MS, signals: [signal], late };
    return await host.guarded(plugin, limits, (limit) => work(plugin, context, limit));
  }

  /** Of the backend in use; of the next one where that one is gone, and not only this question too much for it. */
  async function answered<T>(work: Parameters<typeof ask<T>>[1]): Promise<T> {
    const { choice } = await latest();
    if (!choice.chosen) throw new Error("there is no metrics plugin to ask");
    try {
      return await ask(choice.chosen, work);
    } catch (error) {
      signal.throwIfAborted();
      const isGone = choice.chosen.place !== undefined && await probe(choice.chosen) !== undefined;
      if (!isGone) throw new Error(wordsOf(error));
      const { choice: { chosen } } = made?.choice === choice ? await make(options.settings()) : await latest();
      if (!chosen) throw new Error(wordsOf(error));
      return await ask(chosen, work).catch((again) => {
        throw new Error(wordsOf(again));
      });
    }
  }

  return {
    entries: [...Object.values(CATALOG), ...(options.entries ?? [])],
    async state() {
      const { choice: { chosen, passed }, since } = await latest();
      if (!chosen) return undefined;
      const { plugin, place, found } = chosen;
      return { name: plugin.name, title: titleOf(plugin), ...(place ? { url: place.url } : {}), found, since, passed };
    },
    async current() {
      await latest();
      return await kept(
        "current",
        () => answered((plugin, context, limit) => plugin.current(context, limit)),
      ) as Sample[];
    },
    async range(query) {
      await latest();
      return await kept(
        JSON.stringify(query),
        async () => fitToQuery(await answered((plugin, context, limit) => plugin.range(query, context, limit)), query),
      ) as Series[];
    },
  };
}

const sizeOf = (answer: readonly (Sample | Series)[]): number =>
  answer.reduce((sum, one) => sum + 1 + ("points" in one ? one.points.length : 0), 1);

const idOf = ({ chosen }: Choice): string => `${chosen?.plugin.name} ${chosen?.place?.url}`;

async function withToken({ tokenFile, ...place }: NonNullable<Candidate["place"]>): Promise<MetricsPlace> {
  if (tokenFile === undefined) return place;
  try {
    return { ...place, token: (await readFile(tokenFile, "utf8")).trim() };
  } catch {
    throw new Error(`its tokenFile ${tokenFile} cannot be read`);
  }
}

/** What may be shown to anybody who sees the page. */
const wordsOf = (error: unknown): string =>
  redactSecrets(error instanceof Error ? error.message : String(error)).slice(0, 300);
