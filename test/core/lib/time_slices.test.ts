import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runInSlices, runToEnd, type Steps } from "../../../core/lib/time_slices.ts";

const s = suite("work that lets others have their turn");

function* busy(steps: number, ms: number): Steps<number> {
  for (let step = 0; step < steps; step++) {
    yield;
    for (const end = performance.now() + ms; performance.now() < end;);
  }
  return steps;
}

s("at once: all of it", () => assert.is(runToEnd(busy(100, 0)), 100));

s("in turns: short work is done at once, long work not", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  assert.is(await runInSlices(busy(100, 0)), 100);
  assert.ok(turns <= 1);
  assert.is(await runInSlices(busy(100, 2)), 100);
  clearInterval(timer);
  assert.ok(turns >= 10, `${turns}`);
});

s("what it throws is thrown", async () => {
  function* breaks(): Steps<void> {
    yield;
    throw new Error("broken");
  }
  assert.throws(() => runToEnd(breaks()), "broken");
  assert.match(await runInSlices(breaks()).catch((error) => error.message), "broken");
});

s.run();
