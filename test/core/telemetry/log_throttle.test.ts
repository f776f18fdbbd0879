import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLogThrottle } from "../../../core/telemetry/log.ts";

const s = suite("what is told seldom");

s("the first of a kind, then how many there were", () => {
  const clock = { now: 0 };
  const told: string[] = [];
  const seldom = createLogThrottle(100, () => clock.now);
  const say = (kind: string) => seldom(kind, (unsaid) => void told.push(`${kind} ${unsaid}`));
  for (const at of [0, 10, 99]) {
    clock.now = at;
    say("a");
  }
  say("b");
  clock.now = 100;
  say("a");
  clock.now = 250;
  say("a");
  assert.equal(told, ["a 0", "b 0", "a 2", "a 0"]);
});

s.run();
