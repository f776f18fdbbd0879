import * as assert from "uvu/assert";
import { type Checks, within } from "./checks.ts";
import { createMetrics, type Metrics } from "../../core/telemetry/metrics.ts";
import { createNumbersMemory } from "../../core/telemetry/numbers_memory.ts";
import type { Environment } from "../../core/runtime/process.ts";
import { hosted } from "./hosted.ts";
import type { MetricsContext, MetricsPlace, MetricsPlugin, RangeQuery, Sample, Series } from "../../core/plugin.ts";
import { pluginChecks } from "./plugin.ts";

export interface Backend {
  env?: Environment;
  /** Where the plugin is told to ask. */
  place?: MetricsPlace;
  stop?(): Promise<void>;
}

export interface MetricsFixtures {
  /**
   * Brings up what the plugin reads from, holding the numbers of this exposition (Prometheus' text format) as the newest.
   * Without it the plugin has nothing but the exposition itself.
   */
  backend?(exposition: () => Promise<string>): Promise<Backend>;
}

const odd = 'a "quoted", {braced} \\ label\nof two lines';

/** What a metrics backend has to do. */
export function metricsChecks(plugin: MetricsPlugin, fixtures: MetricsFixtures): Checks {
  let opened: Promise<Opened> | undefined;
  const using = (work: (context: MetricsContext, signal: AbortSignal) => Promise<void>) => async () => {
    const { context } = await (opened ??= open(plugin, fixtures));
    await within(20, work(context, new AbortController().signal));
  };
  return {
    checks: [
      ...pluginChecks(plugin),
      {
        name: "it says that it is available",
        run: using(async (context, signal) => assert.is(await plugin.available(context, signal), true)),
      },
      {
        name: "current: each number of Headwind's, with its labels, and no other",
        run: using(async (context, signal) => {
          const samples = await plugin.current(context, signal);
          for (const { name } of samples) assert.match(name, /^headwind_/);
          const value = (name: string, labels: Record<string, string> = {}) => valueOf(samples, name, labels);
          assert.is(value("headwind_webhook_events_total"), 3);
          assert.is(value("headwind_webhook_outcomes_total", { trigger: odd, outcome: "stored" }), 2);
          assert.is(value("headwind_webhook_outcomes_total", { trigger: "registry", outcome: "refused" }), 1);
          assert.is(value("headwind_updates_pending"), 0);
          assert.is(value("headwind_queue_depth"), 0.25);
          assert.is(value("headwind_reconcile_duration_seconds_bucket", { le: "+Inf" }), 2);
          assert.is(value("headwind_reconcile_duration_seconds_count"), 2);
        }),
      },
      {
        name: "range: what was counted, by the labels that stay apart, oldest point first",
        run: using(async (context, signal) => {
          const query = lately("headwind_webhook_outcomes_total", "increase", ["trigger", "outcome"]);
          const series = await plugin.range(query, context, signal);
          const counted = series.map(({ labels, points }) => [labels, Math.round(total(points))] as const);
          assert.equal(
            sorted(counted),
            sorted([
              [{ trigger: odd, outcome: "stored" }, 2],
              [{ trigger: "registry", outcome: "refused" }, 1],
            ]),
          );
          assertTimes(series, query);
        }),
      },
      {
        name: "range: without labels that stay apart there is one series",
        run: using(async (context, signal) => {
          const series = await plugin.range(lately("headwind_webhook_outcomes_total", "increase"), context, signal);
          assert.equal(series.map(({ labels }) => labels), [{}]);
          assert.is(Math.round(total(series[0]!.points)), 3);
        }),
      },
      {
        name: "range: a gauge as it is now, at the last point",
        run: using(async (context, signal) => {
          const query = lately("headwind_queue_depth", "max");
          const series = await plugin.range(query, context, signal);
          assert.equal(series.map(({ labels, points }) => [labels, points.at(-1)?.[1]]), [[{}, 0.25]]);
          assertTimes(series, query);
        }),
      },
      {
        name: "range: the buckets of a histogram",
        run: using(async (context, signal) => {
          const query = lately("headwind_reconcile_duration_seconds_bucket", "increase", ["le"]);
          const series = await plugin.range(query, context, signal);
          const all = series.find(({ labels }) => labels.le === "+Inf")?.points ?? [];
          assert.is(Math.round(total(all)), 2);
        }),
      },
      {
        name: "range: no series of a metric that is not there",
        run: using(async (context, signal) => {
          assert.equal(await plugin.range(lately("headwind_never_heard_of", "max"), context, signal), []);
        }),
      },
      {
        name: "an aborted signal leaves nothing waiting",
        run: using(async (context) => {
          const signal = AbortSignal.abort(new Error("the test ends"));
          await within(2, plugin.current(context, signal).then(() => {}, () => {}));
        }),
      },
    ],
    end: async () => void await opened?.then(({ close }) => close()),
  };
}

const total = (points: Series["points"]): number => points.reduce((sum, [, value]) => sum + value, 0);

const STEP = 60;

/** The last ten minutes of a metric. */
function lately(metric: string, as: RangeQuery["as"], by?: string[]): RangeQuery {
  const end = Math.ceil(Date.now() / 1000 / STEP) * STEP;
  return { metric, as, ...(by ? { by } : {}), start: end - 600, end, step: STEP };
}

/** Whatever the order of series, and of labels in them. */
const sorted = (counted: (readonly [Record<string, string>, number])[]): string[] =>
  counted.map(([labels, count]) => JSON.stringify([Object.entries(labels).sort(), count])).sort();

function assertTimes(series: readonly Series[], { start, end }: RangeQuery): void {
  assert.ok(series.length > 0);
  for (const { points } of series) {
    const times = points.map(([time]) => time);
    assert.ok(times.length > 0);
    assert.equal(times, [...times].sort((a, b) => a - b));
    for (const time of times) assert.ok(time >= start && time <= end, "times are Unix times in seconds, in the range");
  }
}

interface Opened {
  context: MetricsContext;
  close(): Promise<void>;
}

async function open(plugin: MetricsPlugin, { backend }: MetricsFixtures): Promise<Opened> {
  const metrics = numbers();
  const { exposition } = metrics;
  const { env = {}, place, stop } = await backend?.(exposition) ?? {};
  const { context, close } = hosted(plugin, env);
  const { range: remembered } = createNumbersMemory({ read: metrics.samples, now: () => new Date() });
  return {
    context: { ...context, exposition, remembered, ...(place ? { place } : {}) },
    async close() {
      close();
      await stop?.();
    },
  };
}

function numbers(): Metrics {
  const metrics = createMetrics();
  metrics.count("webhookEvents", {}, 3);
  metrics.count("webhookOutcomes", { trigger: odd, outcome: "stored" }, 2);
  metrics.count("webhookOutcomes", { trigger: "registry", outcome: "refused" });
  metrics.set("queueDepth", 0.25);
  for (const seconds of [0.02, 90]) metrics.observe("reconcileSeconds", seconds);
  return metrics;
}

/** Labels that a backend adds of its own, such as `instance`, do not count. */
function valueOf(samples: readonly Sample[], name: string, wanted: Record<string, string>): number | undefined {
  const found = samples.filter((sample) =>
    sample.name === name && Object.entries(wanted).every(([label, value]) => sample.labels[label] === value)
  );
  assert.is(found.length, 1, `samples of ${name} ${JSON.stringify(wanted)}`);
  return found[0]!.value;
}
