import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import { createNumbersMemory, STEP } from "../../../core/telemetry/numbers_memory.ts";
import type { RangeQuery, Sample } from "../../../core/plugin.ts";

const s = suite("what a replica remembers of its numbers");
const DAY = 24 * 3600;
const START = 1_700_000_100;

function remembering() {
  const metrics = createMetrics();
  let time = START - 100;
  const memory = createNumbersMemory({ read: metrics.samples, now: () => new Date(time * 1000) });
  return {
    metrics,
    memory,
    /** The clock goes on to the next point, whose numbers are taken down. */
    async next(steps = 1) {
      for (let step = 0; step < steps; step++) {
        time = Math.floor(time / STEP) * STEP + STEP - 0.5;
        await memory.take();
        time += 0.5;
      }
    },
    at: (seconds: number) => void (time = seconds),
    async day(metric: string, as: RangeQuery["as"], by?: string[]) {
      const end = Math.ceil(time / STEP) * STEP;
      const found = await memory.range({ metric, as, ...(by ? { by } : {}), start: end - DAY, end, step: STEP });
      return found.map(({ labels, points }) => ({
        labels,
        points: points.map(([at, value]): [number, number] => [at - START, value]),
      }));
    },
  };
}

s("of a counter each step has what was counted in it, from the start of the process on", async () => {
  const { metrics, next, day, at } = remembering();
  metrics.count("applied", {}, 4);
  await next();
  metrics.count("applied", {}, 3);
  await next();
  await next();
  metrics.count("applied");
  at(START + 700);
  assert.equal(await day("headwind_updates_applied_total", "increase"), [
    { labels: {}, points: [[0, 4], [300, 3], [600, 0], [900, 1]] },
  ]);
});

s("a gauge is as it was, and now as it is", async () => {
  const { metrics, next, day, at } = remembering();
  metrics.set("queueDepth", 5);
  await next();
  metrics.set("queueDepth", 2);
  at(START + 100);
  assert.equal(await day("headwind_queue_depth", "max"), [{ labels: {}, points: [[0, 5], [300, 2]] }]);
});

s("labels that stay apart are series, all others are summed", async () => {
  const { metrics, next, day } = remembering();
  const counted = (host: string, status: string) => metrics.count("registryRequests", { host, kind: "tags", status });
  counted("a.example", "200");
  counted("b.example", "200");
  await next(2);
  counted("a.example", "429");
  await next();
  const found = await day("headwind_registry_requests_total", "increase", ["status"]);
  assert.equal(found, [
    { labels: { status: "200" }, points: [[0, 2], [300, 0], [600, 0]] },
    { labels: { status: "429" }, points: [[0, 0], [300, 0], [600, 1]] },
  ]);
});

s("a day is kept, and what happened before it is not counted into it", async () => {
  const { metrics, next, day } = remembering();
  metrics.count("applied", {}, 7);
  await next();
  await next(DAY / STEP + 20);
  metrics.count("applied", {}, 2);
  await next();
  const [{ points } = { points: [] }] = await day("headwind_updates_applied_total", "increase");
  assert.is(points.length, DAY / STEP);
  assert.is(points.reduce((sum, [, value]) => sum + value, 0), 2);
});

s("a gap is no point, and what was counted in it stands at the next", async () => {
  const { metrics, next, day, at } = remembering();
  await next();
  metrics.count("failed", {}, 6);
  at(START + 10 * STEP);
  await next();
  assert.equal(await day("headwind_updates_failed_total", "increase"), [
    { labels: {}, points: [[0, 0], [11 * STEP, 6]] },
  ]);
});

s("a clock that is set back tells nothing twice, and nothing below zero", async () => {
  const { metrics, next, day, at } = remembering();
  metrics.count("applied", {}, 3);
  await next(4);
  at(START + STEP);
  await next();
  const [{ points } = { points: [] }] = await day("headwind_updates_applied_total", "increase");
  assert.ok(points.every(([, value]) => value >= 0));
  assert.is(points.reduce((sum, [, value]) => sum + value, 0), 3);
});

s("of what is not charted there is the number of now", async () => {
  const { metrics, day } = remembering();
  metrics.count("kubeRequests", { method: "GET", resource: "pods", status: "200" }, 9);
  assert.equal(await day("headwind_kube_requests_total", "increase"), [{ labels: {}, points: [[0, 9]] }]);
  assert.equal(await day("headwind_never_heard_of", "increase"), []);
});

s("numbers are read once for all charts of a page", async () => {
  let reads = 0;
  const memory = createNumbersMemory({
    read: (): Promise<Sample[]> => Promise.resolve((reads++, [])),
    now: () => new Date(START * 1000),
  });
  for (const metric of ["headwind_queue_depth", "headwind_updates_pending"]) {
    await memory.range({ metric, as: "max", start: START - DAY, end: START, step: STEP });
  }
  assert.is(reads, 1);
});

s.run();
