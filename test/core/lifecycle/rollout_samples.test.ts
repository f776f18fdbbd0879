import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MOST_SAMPLES, sampleDueAt, SAMPLES_APART_MS, withSample } from "../../../core/lifecycle/rollout_samples.ts";
import type { PodCounts } from "../../../core/plugin/reading.ts";
import type { RolloutSample } from "../../../core/requests/update_request.ts";

const s = suite("samples of a rollout");
const noon = Date.parse("2026-01-01T12:00:00Z");
const seconds = 1000;

const pods = (old: number, newer: number, ready: number): PodCounts => ({ old, new: newer, ready });
/** Counts and the second since noon at which each was taken. */
const taken = (...all: [second: number, PodCounts][]): readonly RolloutSample[] =>
  all.reduce<readonly RolloutSample[]>((samples, [at, counts]) => withSample(samples, counts, noon + at * seconds), []);
const told = (samples: readonly RolloutSample[]) =>
  samples.map(({ at, old, new: newer, ready }) => `${(Date.parse(at) - noon) / seconds} ${old}/${newer}/${ready}`);

s("each change of a count is a sample, and nothing else is", () => {
  const samples = taken([0, pods(3, 0, 0)], [1, pods(3, 0, 0)], [2, pods(3, 1, 0)], [3, pods(3, 1, 0)], [
    9,
    pods(2, 1, 1),
  ]);
  assert.equal(told(samples), ["0 3/0/0", "2 3/1/0", "9 2/1/1"]);
  assert.is(withSample(samples, pods(2, 1, 1), noon + 60 * seconds), samples);
  assert.is(withSample(samples, undefined, noon + 60 * seconds), samples);
  assert.equal(Object.keys(samples[0]!), ["at", "old", "new", "ready"]);
});

s("where nothing else is written the first is written at once, the next five seconds after the last", () => {
  const none = taken();
  assert.is(sampleDueAt(none, undefined, noon), undefined);
  assert.is(sampleDueAt(none, pods(1, 0, 0), noon), noon);
  assert.is(sampleDueAt(undefined, pods(1, 0, 0), noon), noon);
  const one = taken([0, pods(1, 0, 0)]);
  assert.is(sampleDueAt(one, pods(1, 0, 0), noon + 60 * seconds), undefined);
  assert.is(sampleDueAt(one, pods(1, 1, 0), noon + 1 * seconds), noon + SAMPLES_APART_MS);
  assert.is(sampleDueAt(one, pods(1, 1, 0), noon + 60 * seconds), noon + SAMPLES_APART_MS);
});

s("those of a clock that was ahead count as taken now, and nothing waits for that clock", () => {
  const ahead = taken([3600, pods(2, 0, 0)], [3605, pods(2, 1, 0)]);
  assert.is(sampleDueAt(ahead, pods(1, 1, 0), noon), noon);
  assert.equal(told(withSample(ahead, pods(1, 1, 0), noon)), ["0 2/0/0", "0 2/1/0", "0 1/1/0"]);
});

s("a time that cannot be read is one of a clock that was ahead", () => {
  const odd: RolloutSample[] = [{ at: "soon", old: 1, new: 0, ready: 0 }];
  assert.is(sampleDueAt(odd, pods(1, 1, 0), noon), noon);
  assert.equal(told(withSample(odd, pods(1, 1, 0), noon)), ["0 1/0/0", "0 1/1/0"]);
});

s("as many as are kept are told evenly, with the first and the newest ten as they were", () => {
  for (const count of [MOST_SAMPLES, MOST_SAMPLES + 1, 200, 5000]) {
    const samples = taken(
      ...Array.from(
        { length: count },
        (_, index): [number, PodCounts] => [index * 5, pods(count - index, index, index)],
      ),
    );
    assert.is(samples.length, Math.min(count, MOST_SAMPLES), String(count));
    assert.equal(told(samples)[0], `0 ${count}/0/0`);
    assert.equal(
      samples.slice(-10).map(({ new: newer }) => newer),
      Array.from({ length: 10 }, (_, index) => count - 10 + index),
    );
    const times = samples.map(({ at }) => Date.parse(at));
    assert.equal(times, [...times].sort((a, b) => a - b));
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    const even = (times.at(-1)! - times[0]!) / samples.length;
    assert.ok(Math.max(...gaps) <= 4 * even, `${count}: ${gaps}`);
  }
});

s("more than are kept, as another version may have written them, are thinned too", () => {
  const many = Array.from({ length: 64 }, (_, index) => ({
    at: new Date(noon + index * seconds).toISOString(),
    ...pods(index, 0, 0),
  }));
  assert.is(withSample(many, pods(0, 1, 0), noon + 100 * seconds).length, MOST_SAMPLES);
});

s.run();
