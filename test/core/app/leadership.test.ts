import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createDuties, createLeadership, type Duty } from "../../../core/app/leadership.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { eventually, pause, settles } from "../../conformance/checks.ts";

const s = suite("duties of the leader");

const ended = (signal: AbortSignal) =>
  new Promise<void>((done) => signal.aborted ? done() : signal.addEventListener("abort", () => done()));

function dutiesOf(...runs: Duty["run"][]) {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) });
  const duties = runs.map((run, index) => ({ name: `duty ${index}`, run }));
  return { ...createDuties(duties, { log, endMs: 300, retryMs: 20 }), lines };
}

s("they begin with the Lease and end, with what is in hand finished, when it is lost", async () => {
  const seen: string[] = [];
  const duty = (name: string, last: number) => async (signal: AbortSignal) => {
    seen.push(`${name} begins`);
    await ended(signal);
    await pause(last);
    seen.push(`${name} ends`);
  };
  const { begin, end } = dutiesOf(duty("a", 60), duty("b", 10));
  assert.equal(seen, []);
  begin();
  await pause(10);
  assert.equal(seen, ["a begins", "b begins"]);
  await end();
  assert.equal(seen, ["a begins", "b begins", "b ends", "a ends"]);
});

s("begun twice they run once; ended twice they are ended", async () => {
  let running = 0;
  const { begin, end } = dutiesOf(async (signal) => {
    running++;
    await ended(signal);
  });
  await end();
  begin();
  begin();
  await pause(10);
  assert.is(running, 1);
  await Promise.all([end(), end()]);
  await end();
  assert.is(running, 1);
});

s("begun again they wait until the last run has ended, so that two never overlap", async () => {
  let now = 0;
  let most = 0;
  let runs = 0;
  const { begin, end } = dutiesOf(async (signal) => {
    runs++;
    most = Math.max(most, ++now);
    await ended(signal);
    await pause(50);
    now--;
  });
  begin();
  await pause(5);
  const ending = end();
  begin();
  assert.not(await settles(ending, 5));
  await eventually("it runs again", () => runs === 2);
  await end();
  assert.is(most, 1);
  assert.is(now, 0);
});

s("lost before they had begun, they do not begin", async () => {
  let runs = 0;
  const { begin, end } = dutiesOf(async (signal) => {
    runs++;
    await ended(signal);
    await pause(50);
  });
  begin();
  await pause(5);
  void end();
  begin();
  await end();
  assert.is(runs, 1);
});

s("one that fails is told, stops no other, and begins again: a holder that does nothing would be no use", async () => {
  let finished = false;
  let begun = 0;
  const { begin, end, lines } = dutiesOf(
    async (signal) => {
      if (++begun < 3) throw new Error(`no luck ${begun}`);
      await ended(signal);
    },
    async (signal) => {
      await ended(signal);
      finished = true;
    },
  );
  begin();
  await eventually("it begins again", () => begun === 3);
  assert.not(finished);
  await end();
  assert.ok(finished);
  const told = lines.map((line) => JSON.parse(line));
  assert.equal(told.map(({ duty, error }) => [duty, error]), [["duty 0", "no luck 1"], ["duty 0", "no luck 2"]]);
});

s("one that ends by itself does not begin again", async () => {
  let begun = 0;
  const { begin, end } = dutiesOf(async () => void begun++);
  begin();
  await pause(60);
  await end();
  assert.is(begun, 1);
});

s("one that does not end is told and left, and nothing may come of it any more", async () => {
  const lefts: AbortSignal[] = [];
  const { begin, end, lines } = dutiesOf(
    (_, left) => {
      lefts.push(left);
      return new Promise(() => {});
    },
    (signal) => ended(signal),
  );
  begin();
  await eventually("it runs", () => lefts.length === 1);
  const ending = end();
  assert.not(await settles(ending, 50));
  assert.not(lefts[0]!.aborted);
  await ending;
  assert.ok(lefts[0]!.aborted);
  const { level, duties } = JSON.parse(lines[0]!);
  assert.equal([level, duties, lines.length], ["warn", ["duty 0"], 1]);

  begin();
  await eventually("it runs again, though the first never ended", () => lefts.length === 2);
  assert.not(lefts[1]!.aborted);
  await end();
});

s("nobody leads before there is a Lease, and after its end", () => {
  const { leads, leader, by, end } = createLeadership();
  assert.is(leader(), undefined);
  assert.not(leads(), "a watch may ask before the Lease is asked for");
  let isHolder = false;
  by({ isHolder: () => isHolder, holder: () => "headwind-1_uid" });
  assert.not(leads());
  assert.is(leader(), "headwind-1", "by its name, without what tells its process from others");
  isHolder = true;
  assert.ok(leads());
  end();
  assert.not(leads());
});

s.run();
