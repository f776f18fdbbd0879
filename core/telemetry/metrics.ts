import process from "node:process";
import { CATALOG, type MetricEntry, type MetricName } from "./catalog.ts";
import type { Sample } from "../plugin.ts";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

type Labels = Record<string, string>;

/** The operator's numbers, and their text for Prometheus. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: MetricName, labels?: Labels, by?: number): void;
  set(name: MetricName, value: number, labels?: Labels): void;
  /** Adds a measurement, in seconds. */
  observe(name: MetricName, seconds: number): void;
  /**
   * Registers a plugin's metrics.
   *
   * @throws where a name is taken or does not start with `headwind_`
   */
  declare(entries: readonly MetricEntry[]): void;
  /** Counts or sets a declared metric by its name. */
  countByName(name: string, labels?: Labels, by?: number): void;
  setByName(name: string, value: number, labels?: Labels): void;
  /** Called before each exposition, to set the gauges that are read and not counted. */
  onScrape(read: () => void): void;
  exposition(): Promise<string>;
  /** Of these metrics, named as in an exposition, the numbers of this moment. */
  samples(names: readonly string[]): Promise<Sample[]>;
  contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const byName = new Map<string, Counter | Gauge | Histogram>();
  const readers: (() => void)[] = [];

  function register({ name, type, help, labels = [], buckets }: MetricEntry): void {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === "histogram") {
      byName.set(name, new Histogram({ ...options, ...(buckets ? { buckets: [...buckets] } : {}) }));
    } else byName.set(name, type === "counter" ? new Counter(options) : new Gauge(options));
  }
  const metric = <T>(name: string, type: new (...args: never[]) => T): T => {
    const found = byName.get(name);
    if (!(found instanceof type)) throw new Error(`${name} is no declared ${type.name.toLowerCase()}`);
    return found;
  };
  for (const entry of Object.values(CATALOG)) register(entry);

  const metrics: Metrics = {
    count: (name, labels, by) => metrics.countByName(CATALOG[name].name, labels, by),
    set: (name, value, labels) => metrics.setByName(CATALOG[name].name, value, labels),
    observe: (name, seconds) => metric(CATALOG[name].name, Histogram).observe(seconds),
    declare(entries) {
      for (const entry of entries) {
        if (!/^headwind_[a-z0-9_]+$/.test(entry.name)) {
          throw new Error(`metric ${entry.name}: its name starts with headwind_`);
        }
        if (byName.has(entry.name)) throw new Error(`metric ${entry.name} is declared twice`);
        register(entry);
      }
    },
    countByName: (name, labels = {}, by = 1) => metric(name, Counter).inc(labels, by),
    setByName: (name, value, labels = {}) => metric(name, Gauge).set(labels, value),
    onScrape: (read) => void readers.push(read),
    exposition() {
      for (const read of readers) read();
      return registry.metrics();
    },
    async samples(names) {
      for (const read of readers) read();
      const all = await Promise.all(
        names.map((name) => samplesOf(name, byName.get(name) ?? byName.get(familyOf(name)))),
      );
      return all.flat();
    },
    contentType: registry.contentType,
  };
  readProcess(metrics);
  return metrics;
}

/** A histogram stands in an exposition by three names. */
const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, "");

async function samplesOf(name: string, metric: Counter | Gauge | Histogram | undefined): Promise<Sample[]> {
  const { values } = await metric?.get() ?? { values: [] };
  return (values as { labels: Record<string, unknown>; value: number; metricName?: string }[])
    .filter(({ metricName = name }) => metricName === name)
    .map(({ labels, value }) => ({
      name,
      labels: Object.fromEntries(Object.entries(labels).map(([label, of]) => [label, String(of)])),
      value,
    }));
}

/** prom-client's own process metrics are wrong on Deno, so these three are read by hand. */
function readProcess(metrics: Metrics): void {
  let counted = 0;
  metrics.set("started", Math.round(Date.now() / 1000 - process.uptime()));
  metrics.onScrape(() => {
    const { user, system } = process.cpuUsage();
    const seconds = (user + system) / 1e6;
    metrics.count("cpu", {}, Math.max(0, seconds - counted));
    counted = seconds;
    metrics.set("memory", process.memoryUsage().rss);
  });
}

const LONGEST_LABEL = 128;

/**
 * The values of a metric's label that tenants may choose, such as hosts: the first ones as they are, and `other` for what
 * comes after so many of them, so that nobody's values become figures without an end.
 */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most || value.length > LONGEST_LABEL) return "other";
    known.add(value);
    return value;
  };
}
