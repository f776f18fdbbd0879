import { suite } from "uvu";
import * as assert from "uvu/assert";
import { counted, durationText, exactText, numberText } from "../../../../ui/web/pictures/numbers.ts";

const s = suite("numbers of a picture");

s("three digits, with a prefix for thousands", () => {
  const values = [0, 1, 12.345, 999, 999.6, 1000, 1500, 1_234_567, 5e9, 2e12, 3e15, 3e18, -1500, 0.000_012_3];
  assert.equal(values.map((value) => numberText(value)), [
    "0",
    "1",
    "12.3",
    "999",
    "1000",
    "1 k",
    "1.5 k",
    "1.23 M",
    "5 G",
    "2 T",
    "3 P",
    "3.00e+18",
    "-1.5 k",
    "0.0000123",
  ]);
});

s("no number is a dash, and a unit stands behind", () => {
  assert.equal([undefined, NaN, Infinity].map((value) => numberText(value, "req/s")), ["–", "–", "–"]);
  assert.is(numberText(1500, "B"), "1.5 k B");
  assert.is(numberText(90, "s"), "1 min 30 s");
});

s("durations by their two largest units", () => {
  const seconds = [0, 0.25, 0.001, 1.5, 59.9, 60, 128, 3600, 12_000, 86_400, 187_200, -90];
  assert.equal(seconds.map(durationText), [
    "0 s",
    "250 ms",
    "1 ms",
    "1.5 s",
    "59.9 s",
    "1 min",
    "2 min 8 s",
    "1 h",
    "3 h 20 min",
    "1 d",
    "2 d 4 h",
    "-1 min 30 s",
  ]);
});

s("a table tells whole numbers exactly, others by four digits, and no prefix", () => {
  assert.equal([1_234_567, 1_234_567.8, 0.1 + 0.2, 14.14193, NaN, undefined].map((value) => exactText(value)), [
    "1234567",
    "1234568",
    "0.3",
    "14.14",
    "–",
    "–",
  ]);
  assert.is(exactText(1234.5, "req/s"), "1234.5 req/s");
  assert.is(exactText(90, "s"), "1 min 30 s");
});

s("one and many", () => {
  assert.equal([0, 1, 2].map((count) => counted(count, "update")), ["0 updates", "1 update", "2 updates"]);
});

s.run();
