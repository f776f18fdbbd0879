import * as assert from "uvu/assert";
import { fitToQuery } from "../../../core/observability/fit_series.ts";
import type { Series } from "../../../core/plugin.ts";
import { suite } from "uvu";

const s = suite("what is taken of a backend's answer");
const query = { metric: "headwind_queue_depth", as: "max", start: 300, end: 1200, step: 300 } as const;
const points = (...points: [number, number][]): Series[] => [{ labels: {}, points }];

s("is what was asked for", () => {
  const asked = points([300, 1], [600, 2], [1200, 4]);
  assert.equal(fitToQuery(asked, query), asked);
  assert.equal(fitToQuery([], query), []);
});

s("is one point of each step, in their order, and none of another time", () => {
  const odd = points([900, 3], [300, 1], [310, 2], [0, 0], [1500, 0], [600, NaN], [600, Infinity]);
  assert.equal(fitToQuery(odd, query), points([310, 2], [900, 3]));
});

s("of a million points, and of a thousand series, no more than a chart has", () => {
  const million = Array.from({ length: 1_000_000 }, (_, at): [number, number] => [300 + (at % 901), at]);
  const [one] = fitToQuery([{ labels: {}, points: million }], query);
  assert.is(one!.points.length, 4);
  const thousand = Array.from({ length: 1000 }, (_, at) => ({ labels: { at: String(at) }, points: [] }));
  assert.is(fitToQuery(thousand, query).length, 100);
});

s.run();
