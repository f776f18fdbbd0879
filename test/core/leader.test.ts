import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createDuties } from "../../core/leader.ts";
import { createLog } from "../../core/telemetry/log.ts";
import { eventually, pause, settles } from "../conformance/checks.ts";

const s = suite("duties of the leader");

const ended = (signal: AbortSignal) =>
  new Promise<void>((done) => signal.aborted ? done() : signal.addEventListener("abort", () => done()));

function dutiesOf(...duties: ((signal: AbortSignal) => Promise<void>)[]) {
  const lines: string[] = [];
  return { ...createDuties(duties, createLog({ write: (line) => void lines.push(line) })), lines };
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

s("one that fails is told, and stops no other", async () => {
  let finished = false;
  const { begin, end, lines } = dutiesOf(
    () => Promise.reject(new Error("no luck")),
    async (signal) => {
      await ended(signal);
      finished = true;
    },
  );
  begin();
  await pause(10);
  assert.not(finished);
  await end();
  assert.ok(finished);
  assert.is(JSON.parse(lines[0]!).error, "no luck");
  assert.is(lines.length, 1);
});

s.run();
