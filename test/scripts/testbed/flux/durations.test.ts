import { suite } from "uvu";
import * as assert from "uvu/assert";
import { goDuration, parseDuration } from "../../../../scripts/testbed/flux/durations.ts";

const s = suite("Go's durations");

s("are read", () => {
  const known = { "5m": 300_000, "1m30s": 90_000, "1.5h": 5_400_000, "250ms": 250, "2s": 2000, "1h0m0s": 3_600_000 };
  for (const [text, ms] of Object.entries(known)) assert.is(parseDuration(text), ms, text);
  for (const text of ["", "5", "m", "5 m", "-1s", "1d"]) assert.throws(() => parseDuration(text), "no duration", text);
});

s("are written as Go does", () => {
  const known = { "5m0s": 300_000, "1m30s": 90_000, "1h30m0s": 5_400_000, "250ms": 250, "1.5s": 1500, "0s": 0 };
  for (const [text, ms] of Object.entries(known)) assert.is(goDuration(ms), text);
});

s.run();
