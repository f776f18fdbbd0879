import { setTimeout as delay } from "node:timers/promises";
import { createSchedule, type Due } from "./poller/due.ts";
import { createTurns, type Turns } from "./poller/turns.ts";
import {
  type Artifact,
  type AskedCheck,
  defineTrigger,
  type PolledSource,
  type SeenVersion,
  type SightingResult,
  type TriggerContext,
} from "../../core/plugin.ts";

const TICK_MS = 1000;
/** Within which a source has to have been read: twice what core gives a list of tags or an index, which does not count waiting. */
const TIME_LIMIT_MS = { tags: 120_000, index: 240_000 };
/** Sources that are read at the same time. */
const LIMITS = { all: 64, ofHost: 4, ofNamespace: 16 };
/** Of a source that more namespaces use, so many are asked whose turn it is. */
const MAX_PAYERS = 16;
const DIGESTS_AT_ONCE = 4;
const OLDEST_METRIC = "headwind_polling_oldest_due_seconds";

const METRICS = {
  image: { checked: "headwind_polling_images_checked_total", found: "headwind_polling_new_tags_found_total" },
  chart: {
    checked: "headwind_polling_helm_charts_checked_total",
    found: "headwind_polling_helm_new_versions_found_total",
  },
} as const;

export default defineTrigger({
  kind: "trigger",
  name: "poller",
  description:
    "Asks registries and Helm repositories for the versions of workloads whose event source is `polling` or `both`, and of any " +
    "when somebody asks for it.",
  metrics: [
    { name: "headwind_polling_cycles_total", type: "counter", help: "Polling cycles completed" },
    { name: METRICS.image.checked, type: "counter", help: "Image repositories checked by polling" },
    { name: METRICS.image.found, type: "counter", help: "Updates of images found by polling" },
    { name: METRICS.chart.checked, type: "counter", help: "Helm charts checked by polling" },
    { name: METRICS.chart.found, type: "counter", help: "Updates of Helm charts found by polling" },
    {
      name: "headwind_polling_errors_total",
      type: "counter",
      help: "Polls of a repository that failed and decided nothing",
    },
    {
      name: OLDEST_METRIC,
      type: "gauge",
      help: "For how long the poll that has been due the longest has waited or run",
    },
  ],
  settings: (z) =>
    z.object({
      HEADWIND_POLLING_ENABLED: z.stringbool().default(true).describe(
        "Whether registries are polled, for the workloads that ask for it; what somebody asks to be looked at now is, anyway",
      ),
    }),
  async run(context, signal) {
    const isOn = context.settings.HEADWIND_POLLING_ENABLED !== false;
    const schedule = createSchedule();
    const polling = createPolling(context, signal);
    context.onCheck(polling.check);
    while (!signal.aborted) {
      const due = schedule.take(isOn ? context.polled() : [], performance.now());
      if (due.length > 0) void polling.begin(due);
      context.gauge(OLDEST_METRIC, polling.oldestMs() / 1000);
      await delay(TICK_MS, undefined, { signal }).catch(() => {});
    }
    await polling.ended();
    context.gauge(OLDEST_METRIC, 0);
  },
});

interface Polling {
  /** Polls each source of these artifacts apart, but those that still are being polled. */
  begin(due: readonly Due[]): Promise<void>;
  /** Looks at a source as soon as there is a place for it; rejects where something of it could not be read. */
  check(asked: AskedCheck, signal: AbortSignal): Promise<SightingResult>;
  /** For how long what is due the longest has been so. */
  oldestMs(): number;
  /** Resolves when nothing is under way. */
  ended(): Promise<void>;
}

function createPolling(context: TriggerContext, signal: AbortSignal): Polling {
  const turns = createTurns(LIMITS);
  const underWay = new Set<string>();
  /** Since when each was due. */
  const open = new Map<Promise<void>, number>();

  async function pollAll(due: Due): Promise<void> {
    try {
      const sources = await context.registry.sources(due.artifact, due.intervals);
      await Promise.all(
        sources.filter(({ source }) => !underWay.has(source.id)).map(async (polled) => {
          const { id } = polled.source;
          underWay.add(id);
          const { artifact, intervals } = due;
          await lookAt({ artifact, via: "polling", intervals }, polled, turns, context, signal);
          underWay.delete(id);
        }),
      );
    } catch (error) {
      failed(due, error, context, signal);
    }
  }

  return {
    async begin(all) {
      const polls = all.map((due) => {
        const poll = pollAll(due).finally(() => open.delete(poll));
        open.set(poll, due.since);
        return poll;
      });
      await Promise.all(polls);
      if (!signal.aborted) context.count("headwind_polling_cycles_total");
    },
    async check({ artifact, ...polled }, ending) {
      const { result, error } = await lookAt({ artifact, via: "check" }, polled, turns, context, ending);
      if (error !== undefined) throw error;
      return result!;
    },
    oldestMs: () => open.size === 0 ? 0 : performance.now() - Math.min(...open.values()),
    async ended() {
      while (open.size > 0) await Promise.all(open.keys());
    },
  };
}

/** What is to be looked at, and why. */
interface Look {
  artifact: Artifact;
  via: "polling" | "check";
  /** Of the workloads with one of these alone. */
  intervals?: readonly number[];
}

/** Reads one source and reports what it shows, to its own workloads. Never rejects: `error` is the first that there was. */
async function lookAt(
  look: Look,
  polled: PolledSource,
  turns: Turns,
  context: TriggerContext,
  signal: AbortSignal,
): Promise<{ result?: SightingResult; error?: unknown }> {
  const { artifact } = look;
  const { source } = polled;
  try {
    const claim = { host: hostOf(look), namespaces: polled.namespaces.slice(0, MAX_PAYERS) };
    const leave = await turns.enter(claim, signal);
    const { versions, complete, answered, error } = await read(look, polled, context, signal).finally(leave);
    if (!answered) return { error };
    const counted = METRICS[artifact.type];
    context.count(counted.checked);
    const result = await context.report({ ...look, source, versions, complete });
    context.count(counted.found, {}, result.created);
    return { result, error };
  } catch (error) {
    failed(look, error, context, signal);
    return { error };
  }
}

/**
 * What could be read: the list of versions and each digest are apart, so that what fails of them keeps back no other. `error` is the
 * first that there was.
 */
async function read(
  look: Look,
  { source, wantsTags, followedTags }: PolledSource,
  { registry, ...context }: TriggerContext,
  ending: AbortSignal,
): Promise<{ versions: SeenVersion[]; complete: boolean; answered: boolean; error: unknown }> {
  const { artifact } = look;
  const ms = artifact.repository.includes("://") ? TIME_LIMIT_MS.index : TIME_LIMIT_MS.tags;
  const { signal, end } = deadline(ms, ending);
  let list: SeenVersion[] | undefined;
  let answered = false;
  let first: unknown;
  const digests = new Map<string, SeenVersion>();
  const unlessItFails = async (work: () => Promise<void>) => {
    if (signal.aborted) return;
    try {
      await work();
      answered = true;
    } catch (error) {
      first ??= error;
      failed(look, error, context, ending);
    }
  };
  const left = followedTags.values();
  const readDigests = async () => {
    for (const tag of left) {
      await unlessItFails(async () => {
        const digest = await registry.digest(artifact, tag, { source, signal });
        if (digest !== undefined) digests.set(tag, { tag, digest });
      });
    }
  };
  const readList = async () => void (list = await registry.versions(artifact, { source, signal }));
  try {
    await Promise.all([
      wantsTags ? unlessItFails(readList) : undefined,
      ...Array.from({ length: DIGESTS_AT_ONCE }, readDigests),
    ]);
    const others = (list ?? []).filter(({ tag }) => !digests.has(tag));
    if (!answered) first ??= signal.reason;
    return { versions: [...others, ...digests.values()], complete: list !== undefined, answered, error: first };
  } finally {
    end();
  }
}

function failed(
  { artifact }: Pick<Look, "artifact">,
  error: unknown,
  { count, log }: Pick<TriggerContext, "count" | "log">,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  if (error instanceof Error && error.name === "Unused") return;
  count("headwind_polling_errors_total");
  log.warn("a poll failed and decides nothing", { repository: artifact.repository, error });
}

/** The host of a registry or a Helm repository. */
function hostOf({ artifact: { repository } }: Pick<Look, "artifact">): string {
  return repository.includes("://") ? new URL(repository).host : repository.split("/")[0]!;
}

function deadline(ms: number, outer: AbortSignal): { signal: AbortSignal; end(): void } {
  const control = new AbortController();
  const stop = () => control.abort(outer.reason);
  const late = () => control.abort(new DOMException(`it was not read to its end in ${ms / 1000} s`, "TimeoutError"));
  const timer = setTimeout(late, ms);
  if (outer.aborted) stop();
  outer.addEventListener("abort", stop, { once: true });
  return {
    signal: control.signal,
    end() {
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
  };
}
