import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CATALOG } from "../../../core/telemetry/catalog.ts";
import { currentNumbers } from "../../../core/observability/current_numbers.ts";
import { lastDay, meanOverTime, metricOverTime } from "../../../core/observability/metric_over_time.ts";
import type { RangeQuery, Series } from "../../../core/plugin.ts";

const s = suite("a metric over time");
const day = lastDay(new Date("2026-11-30T11:31:07Z"));

function answering(series: Record<string, Series["points"]>) {
  const asked: RangeQuery[] = [];
  return {
    asked,
    entries: Object.values(CATALOG),
    range(query: RangeQuery): Promise<Series[]> {
      asked.push(query);
      const points = series[query.metric];
      return Promise.resolve(points ? [{ labels: {}, points }] : []);
    },
  };
}

s("a day ends with the step that runs", () => {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString();
  assert.equal([time(day.start), time(day.end)], ["2026-11-29T11:35:00.000Z", "2026-11-30T11:35:00.000Z"]);
});

s("counters are counted, gauges are the greatest, and what is no metric is none", async () => {
  const backend = answering({ headwind_updates_applied_total: [[300, 4.0003]], headwind_queue_depth: [[300, 1]] });
  assert.equal(await metricOverTime(backend, "headwind_updates_applied_total", day), [[300, 4]]);
  assert.equal(await metricOverTime(backend, "headwind_queue_depth", day), [[300, 1]]);
  assert.equal(backend.asked.map(({ as }) => as), ["increase", "max"]);
  assert.is(await metricOverTime(backend, "headwind_never_heard_of", day), undefined);
  assert.is(await metricOverTime(backend, "headwind_updates_applied_total_sum", day), undefined);
  assert.equal(await metricOverTime(backend, "headwind_updates_failed_total", day), []);
});

s("of a histogram it is the mean, where anything was measured", async () => {
  const sum = "headwind_sighting_to_applied_seconds_sum";
  const count = "headwind_sighting_to_applied_seconds_count";
  const backend = answering({
    [sum]: [[300, 9], [600, 0], [900, 5], [1200, 4]],
    [count]: [[300, 3], [600, 0], [900, 0.02], [1500, 1]],
  });
  assert.equal(await meanOverTime(backend, "headwind_sighting_to_applied_seconds", day), [[300, 3]]);
  assert.equal(await metricOverTime(backend, "headwind_sighting_to_applied_seconds", day), [[300, 3]]);
  assert.equal((await metricOverTime(backend, count, day))?.length, 4);
});

s("what the replicas counted is summed, and of what each reads by itself the greatest counts", () => {
  const of = (name: string, value: number) => ({ name, labels: { instance: `${Math.random()}` }, value });
  const numbers = currentNumbers([
    of("headwind_updates_applied_total", 3),
    of("headwind_updates_applied_total", 4),
    of("headwind_updates_pending", 2),
    of("headwind_updates_pending", 2),
    of("headwind_deployments_watched", NaN),
  ]);
  assert.equal(numbers, {
    updates_pending: 2,
    updates_approved: 0,
    updates_rejected: 0,
    updates_applied: 7,
    updates_failed: 0,
    deployments_watched: 0,
    statefulsets_watched: 0,
    daemonsets_watched: 0,
    helm_releases_watched: 0,
  });
});

s.run();
