import { suite } from "uvu";
import * as assert from "uvu/assert";
import { retryAfterMs } from "../../../core/registry/cooldown.ts";

const s = suite("Retry-After");
const now = Date.parse("2026-01-01T00:00:00Z");

const cases: [string | null, number | undefined][] = [
  [null, undefined],
  ["", undefined],
  ["soon", undefined],
  ["7", 7_000],
  ["0", 1_000],
  ["999999", 3_600_000],
  ["Thu, 01 Jan 2026 00:00:20 GMT", 20_000],
  ["Wed, 31 Dec 2025 00:00:20 GMT", 1_000],
];
for (const [header, expected] of cases) s(`${header}`, () => assert.is(retryAfterMs(header, now), expected));

s.run();
