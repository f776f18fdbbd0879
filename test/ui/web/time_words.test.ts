import { suite } from "uvu";
import * as assert from "uvu/assert";
// @ts-types="../../support/time_words.d.ts"
import { clockText, exactText, relativeText } from "../../../ui/web/assets/time_words.js";

const s = suite("times in words");
const now = Date.parse("2026-11-30T11:06:00Z");
const ago = (seconds: number) => relativeText(now - seconds * 1000, now);

s("how long ago, by its largest unit", () => {
  assert.equal([0, 1, 2, 59, 60, 3599, 3600, 90_000, 172_800, 2_592_000].map(ago), [
    "just now",
    "just now",
    "2 s ago",
    "59 s ago",
    "1 min ago",
    "59 min ago",
    "1 h ago",
    "25 h ago",
    "2 d ago",
    "30 d ago",
  ]);
});

s("what is to come", () => {
  assert.equal([-1, -5, -300, -7200].map(ago), ["just now", "in 5 s", "in 5 min", "in 2 h"]);
});

s("longer than a month ago: the day", () => {
  assert.is(ago(60 * 86_400), "2026-10-01");
});

s("exactly, in the reader's zone", () => {
  assert.is(exactText(now, "UTC"), "2026-11-30 11:06:00 UTC");
  assert.match(exactText(now, "Asia/Kathmandu"), /^2026-11-30 16:51:00 /);
  assert.is(clockText(now, 8, "Asia/Kathmandu"), "16:51:00");
  assert.is(clockText(now, 5, "Pacific/Kiritimati"), "01:06");
  assert.is(clockText(now, "day", "Pacific/Kiritimati"), "12-01");
});

s.run();
