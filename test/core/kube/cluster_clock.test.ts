import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createClusterClock } from "../../../core/kube/cluster_clock.ts";

const s = suite("the cluster's clock");

const noon = Date.UTC(2026, 0, 1, 12);
const hour = 3_600_000;

/** A machine whose clock is `wrong` by so many milliseconds, and an API server whose clock is right. */
function machine(wrong: number) {
  const state = { passed: 0, wrong, server: 0 };
  const clock = createClusterClock(() => noon + state.passed + state.wrong, () => 5_000 + state.passed);
  return {
    state,
    clock,
    /** Asks, and is answered after so many milliseconds. */
    ask(takes = 20) {
      const date = new Date(noon + state.server + state.passed + takes / 2).toUTCString();
      state.passed += takes;
      clock.heard(date, takes);
    },
    isOff: () => Math.abs(clock.now() - (noon + state.passed)),
  };
}

s("a clock that is right, or wrong by less than can be told, is used as it is", () => {
  for (const wrong of [0, 300, -300]) {
    const { clock, ask, state } = machine(wrong);
    assert.is(clock.now(), noon + wrong, "before anything was heard");
    ask();
    assert.ok(Math.abs(clock.now() - (noon + state.passed + wrong)) <= 300);
  }
});

for (const wrong of [hour, -hour, 60_000, -60_000]) {
  s(`a clock that is ${wrong / 1000} s ahead is not believed`, () => {
    const { ask, isOff, state } = machine(wrong);
    ask();
    assert.ok(isOff() <= 1_100, `${isOff()} ms`);
    for (let second = 0; second < 20; second++) {
      state.passed += 1_050;
      ask();
    }
    assert.ok(isOff() <= 200, `many answers narrow it down: ${isOff()} ms`);
  });
}

s("a clock that is set back or on while it runs moves nothing", () => {
  const { ask, isOff, state } = machine(0);
  ask();
  for (const step of [-hour, hour, -24 * hour]) {
    state.wrong = step;
    assert.ok(isOff() <= 1_100, `${isOff()} ms`);
    state.passed += 5_000;
    assert.ok(isOff() <= 1_100, `${isOff()} ms`);
  }
});

s("an answer that took long tells less, and spoils nothing", () => {
  const { ask, isOff } = machine(hour);
  ask();
  ask(30_000);
  assert.ok(isOff() <= 1_100, `${isOff()} ms`);
});

s("the API server's clock may be set too", () => {
  const { ask, clock, state } = machine(0);
  ask();
  state.server = -hour;
  state.passed += 5_000;
  ask();
  assert.ok(Math.abs(clock.now() - (noon + state.passed - hour)) <= 1_100);
});

s("what is no date is not heard", () => {
  const { clock } = machine(hour);
  for (const date of [null, undefined, "", "soon"]) clock.heard(date, 10);
  assert.is(clock.now(), noon + hour);
});

s.run();
