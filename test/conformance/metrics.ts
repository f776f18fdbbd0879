import * as assert from "uvu/assert";
import { type Checks, within } from "./checks.ts";
import { createMetrics, type Metrics } from "../../core/telemetry/metrics.ts";
import type { Environment } from "../../core/runtime/process.ts";
import { hosted } from "./hosted.ts";
import type { MetricsContext, MetricsPlugin, Sample } from "../../core/plugin.ts";
import { pluginChecks } from "./plugin.ts";

export interface Backend {
  env: Environment;
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
  const using = (work: (context: MetricsContext, signal: AbortSignal) => Promise<void>) => async () =>
    await withBackend(plugin, fixtures, work);
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
        name: "range: the series of one metric, oldest point first, the last one as now",
        run: using(async (context, signal) => {
          const now = Date.now() / 1000;
          const query = { metric: "headwind_webhook_outcomes_total", start: now - 600, end: now, step: 60 };
          const series = await plugin.range(query, context, signal);
          const last = Object.fromEntries(
            series.map(({ labels, points }) => [`${labels.trigger}/${labels.outcome}`, points.at(-1)?.[1]]),
          );
          assert.equal(last, { [`${odd}/stored`]: 2, "registry/refused": 1 });
          for (const { points } of series) {
            const times = points.map(([time]) => time);
            assert.equal(times, [...times].sort((a, b) => a - b));
            for (const time of times) {
              assert.ok(Math.abs(time - now) < 700, "times are Unix times in seconds, in the range");
            }
          }
        }),
      },
      {
        name: "range: no series of a metric that is not there",
        run: using(async (context, signal) => {
          const now = Date.now() / 1000;
          const query = { metric: "headwind_never_heard_of", start: now - 60, end: now, step: 60 };
          assert.equal(await plugin.range(query, context, signal), []);
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
  };
}

async function withBackend(
  plugin: MetricsPlugin,
  { backend }: MetricsFixtures,
  work: (context: MetricsContext, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const exposition = numbers().exposition;
  const { env, stop } = await backend?.(exposition) ?? { env: {} };
  const { context, close } = hosted(plugin, env);
  try {
    await within(20, work({ ...context, exposition }, new AbortController().signal));
  } finally {
    close();
    await stop?.();
  }
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
