import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failedChecks } from "./checks.ts";
import live from "../../plugins/metrics/live.ts";
import { metricsChecks } from "./metrics.ts";
import type { MetricsPlugin } from "../../core/plugin.ts";

const s = suite("the checks of metrics backends");
const sound = live as MetricsPlugin;
const failed = (changes: Partial<MetricsPlugin>) => failedChecks(metricsChecks({ ...sound, ...changes }, {}));

s("a sound backend passes all", async () => assert.equal(await failed({}), []));

s("each fault is found", async () => {
  const current = "current: each number of Headwind's, with its labels, and no other";
  const range = "range: what was counted, by the labels that stay apart, oldest point first";
  const faults: [Partial<MetricsPlugin>, string][] = [
    [{ available: async () => false }, "it says that it is available"],
    [{ current: async () => [] }, current],
    [
      { current: async (...given) => [...await sound.current(...given), { name: "other", labels: {}, value: 1 }] },
      current,
    ],
    [
      { current: async (...given) => (await sound.current(...given)).map((sample) => ({ ...sample, labels: {} })) },
      current,
    ],
    [{ range: async () => [] }, range],
    [{
      async range(...given) {
        const series = await sound.range(...given);
        return series.map(({ labels, points }) => ({
          labels,
          points: points.map(([time, value]) => [time * 1000, value]),
        }));
      },
    }, range],
    [{ range: (query, ...rest) => sound.range({ ...query, by: ["trigger"] }, ...rest) }, range],
    [{
      range: (query, ...rest) => sound.range({ ...query, by: ["outcome"] }, ...rest),
    }, "range: without labels that stay apart there is one series"],
    [{
      range: async (...given) =>
        (await sound.range(...given)).map(({ labels }) => ({ labels, points: [[given[0].end, 7]] })),
    }, "range: a gauge as it is now, at the last point"],
    [{
      range: async (query, ...rest) => query.metric.endsWith("_bucket") ? [] : await sound.range(query, ...rest),
    }, "range: the buckets of a histogram"],
    [{ range: async () => [{ labels: {}, points: [] }] }, "range: no series of a metric that is not there"],
    [{
      current: (context, signal) => signal.aborted ? new Promise(() => {}) : sound.current(context, signal),
    }, "an aborted signal leaves nothing waiting"],
  ];
  for (const [changes, name] of faults) {
    const found = await failed(changes);
    assert.ok(found.includes(name), `${name} is not among ${found}`);
  }
});

s.run();
