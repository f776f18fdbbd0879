import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keepRestarting, type Running } from "../../../scripts/dev/restart.ts";
import { eventually } from "../../conformance/checks.ts";

const s = suite("what is started again");

interface Started extends Running {
  stopped: boolean;
  /** It ends by itself. */
  end(how: string): void;
}

function setUp() {
  const started: Started[] = [];
  const said: string[] = [];
  const controller = new AbortController();
  const restarting = keepRestarting({
    start() {
      let how: string | undefined;
      const running: Started = {
        stopped: false,
        ended: () => how,
        end: (why) => void (how = why),
        stop: () => Promise.resolve(void (running.stopped = true)),
      };
      started.push(running);
      return running;
    },
    say: (text) => said.push(text),
    signal: controller.signal,
  });
  return { started, said, restarting, stop: () => controller.abort() };
}

s("a change stops what runs, and starts it anew; files that change meanwhile count once more", async () => {
  const { started, said, restarting, stop } = setUp();
  assert.is(started.length, 1);
  restarting.changed(["core/a.ts", "core/b.ts"]);
  restarting.changed(["core/b.ts", "core/c.ts"]);
  await eventually("it starts again", () => started.length === 2);
  assert.ok(started[0]!.stopped);
  assert.equal(said, ["core/a.ts and 2 others changed: the operator starts again"]);
  restarting.changed(["core/a.ts"]);
  await eventually("it starts once more", () => started.length === 3);
  stop();
  await restarting.done;
  assert.ok(started.every(({ stopped }) => stopped));
  assert.is(said.length, 2);
});

s("one that ends by itself is told of once, and comes back with the next change", async () => {
  const { started, said, restarting, stop } = setUp();
  started[0]!.end("status 1");
  await eventually("the end is told", () => said.length === 1);
  await new Promise((done) => setTimeout(done, 200));
  assert.equal(said, ["the operator has ended (status 1); it starts again at the next change"]);
  assert.is(started.length, 1);
  restarting.changed(["core/a.ts"]);
  await eventually("it starts again", () => started.length === 2);
  stop();
  await restarting.done;
});

s.run();
