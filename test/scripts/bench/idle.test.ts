import { suite } from "uvu";
import * as assert from "uvu/assert";
import { busyShare, idle, parseTimes } from "../../../scripts/bench/idle.ts";

const s = suite("an idle machine");

s("the times of all processors are read, not those of one", () => {
  const stat = "cpu  100 20 30 400 50 6 7 8 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 5\n";
  assert.equal(parseTimes(stat), { idle: 450, all: 621 });
});

s("the share of time in which something ran", () => {
  assert.is(busyShare({ idle: 100, all: 200 }, { idle: 190, all: 300 }).toFixed(2), "0.10");
  assert.is(busyShare({ idle: 100, all: 200 }, { idle: 100, all: 300 }), 1);
  assert.is(busyShare({ idle: 100, all: 200 }, { idle: 100, all: 200 }), 0);
});

s("it takes two seconds at least, and a busy machine is not waited for without end", async () => {
  const started = performance.now();
  await idle();
  const took = performance.now() - started;
  assert.ok(took >= 1990 && took < 25_000, `${took} ms`);
});

s.run();
