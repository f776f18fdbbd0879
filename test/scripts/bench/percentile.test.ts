import { suite } from "uvu";
import * as assert from "uvu/assert";
import { percentile } from "../../../scripts/bench/percentile.ts";

const s = suite("percentile");
const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

s("nearest rank, in any order", () => {
  assert.is(percentile(hundred, 50), 50);
  assert.is(percentile(hundred, 99), 99);
  assert.is(percentile(hundred, 100), 100);
  assert.is(percentile([3, 1, 2], 50), 2);
});

s("of one value, that value", () => {
  assert.is(percentile([7], 50), 7);
  assert.is(percentile([7], 99), 7);
});

s("of no value, NaN", () => assert.ok(Number.isNaN(percentile([], 50))));

s("numbers are not sorted as texts, and the input is left alone", () => {
  const values = [10, 9, 100];
  assert.is(percentile(values, 50), 10);
  assert.equal(values, [10, 9, 100]);
});

s.run();
