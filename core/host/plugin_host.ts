import type { Fetch } from "../runtime/fetch.ts";
import { withDeadline, type WithDeadlineOptions } from "../lib/deadline.ts";
import type { Log, Plugin, PluginContext } from "../plugin.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface PluginHostOptions {
  plugins: readonly Plugin[];
  /** By `kind/name`. */
  settings: ReadonlyMap<string, Record<string, unknown>>;
  log: Log;
  metrics: Metrics;
  /** To addresses that an administrator has set. */
  fetch: Fetch;
  /** To addresses that workloads name; as `fetch` if absent. */
  fetchNamed?: Fetch;
}

/** The plugins in use, each with what it is given. Nothing can be added once it is made. */
export interface PluginHost {
  of<K extends Plugin["kind"]>(kind: K): Extract<Plugin, { kind: K }>[];
  context(plugin: Plugin): PluginContext;
  /**
   * Runs a plugin's code, which is given up when its limits are reached, whether it obeys its signal or not. What it throws is
   * counted, and thrown on for the caller to decide. A plugin of which many calls were given up and have not ended gets no more.
   */
  guarded<T>(plugin: Plugin, limits: WithDeadlineOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** `kind/name`. */
export const idOf = ({ kind, name }: Plugin): string => `${kind}/${name}`;

/** A plugin in a line: which it is, and what it says of itself. */
export const describePlugin = (plugin: Plugin): string => `${idOf(plugin)}: ${plugin.description.slice(0, 200)}`;

/** Of a call to the outside that has no signal of its own. */
const MAX_FETCH_MS = 60_000;

const withEnd = (fetch: Fetch): Fetch => (url, init) =>
  fetch(url, init?.signal ? init : { ...init, signal: AbortSignal.timeout(MAX_FETCH_MS) });

/** Of one plugin: more would fill the memory. */
const MAX_ABANDONED = 64;

export function createPluginHost(
  { plugins, settings, log, metrics, fetch, fetchNamed = fetch }: PluginHostOptions,
): PluginHost {
  const all = [...plugins];

  /** What a check asks stands in a workload's annotations, unless it is at an address in the check's own settings. */
  function fetchOf(settings: Record<string, unknown>): Fetch {
    const set = new Set(Object.values(settings).flatMap(originOf));
    return (url, init) => originOf(url).some((origin) => set.has(origin)) ? fetch(url, init) : fetchNamed(url, init);
  }
  const contexts = new Map(all.map((plugin) => {
    const declared = new Set(plugin.metrics?.map(({ name }) => name));
    metrics.declare(plugin.metrics ?? []);
    const own = (name: string) => {
      if (!declared.has(name)) throw new Error(`${idOf(plugin)} does not declare the metric ${name}`);
      return name;
    };
    const context: PluginContext = {
      settings: settings.get(idOf(plugin)) ?? {},
      log: log.with({ plugin: idOf(plugin) }),
      count: (name, labels, by) => metrics.countByName(own(name), labels, by),
      gauge: (name, value, labels) => metrics.setByName(own(name), value, labels),
      fetch: withEnd(plugin.kind === "check" ? fetchOf(settings.get(idOf(plugin)) ?? {}) : fetch),
    };
    return [plugin, context] as const;
  }));

  const givenUp = new Map(all.map((plugin) => [plugin, new Set<symbol>()] as const));

  return {
    of: <K extends Plugin["kind"]>(kind: K) =>
      all.filter((plugin): plugin is Extract<Plugin, { kind: K }> => plugin.kind === kind),
    context(plugin) {
      const context = contexts.get(plugin);
      if (!context) throw new Error(`plugin ${idOf(plugin)} was added after the start`);
      return context;
    },
    async guarded(plugin, limits, work) {
      const [id, lost] = [idOf(plugin), givenUp.get(plugin)!];
      const tell = () => metrics.set("pluginCallsGivenUp", lost.size, { plugin: id });
      const call = Symbol();
      let running = false;
      try {
        if (lost.size >= MAX_ABANDONED) throw new Error(`${lost.size} calls of ${id} were given up and have not ended`);
        return await withDeadline(limits, async ({ signal }) => {
          running = true;
          try {
            return await work(signal);
          } finally {
            running = false;
            if (lost.delete(call)) tell();
          }
        });
      } catch (error) {
        metrics.count("pluginErrors", { plugin: id });
        if (running) {
          lost.add(call);
          tell();
        }
        throw error;
      }
    },
  };
}

function originOf(value: unknown): string[] {
  const url = typeof value === "string" ? URL.parse(value) : null;
  return url && /^https?:$/.test(url.protocol) ? [url.origin] : [];
}
