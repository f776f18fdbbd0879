import { suite } from "uvu";
import * as assert from "uvu/assert";
import { schedule } from "../../../scripts/test/schedule.ts";

const s = suite("schedule");
const turn = () => new Promise((done) => setTimeout(done));

s("no more at a time than the limit, never two of one lane, and all of them", async () => {
  const running: (string | undefined)[] = [];
  const done: number[] = [];
  let most = 0;
  const lanes = ["a", "a", "a", undefined, "b", undefined, "b", undefined, undefined, "a"];
  const jobs = lanes.map((lane, index) => ({
    lane,
    async run() {
      assert.not(lane !== undefined && running.includes(lane));
      running.push(lane);
      most = Math.max(most, running.length);
      for (let turns = 0; turns <= index % 3; turns++) await turn();
      running.splice(running.indexOf(lane), 1);
      done.push(index);
    },
  }));
  await schedule(jobs, 3);
  assert.is(most, 3);
  assert.equal(done.sort((a, b) => a - b), lanes.map((_, index) => index));
});

s("a lane has as many at a time as it is wide", async () => {
  let [running, most] = [0, 0];
  const run = async () => {
    most = Math.max(most, ++running);
    await turn();
    running--;
  };
  await schedule(Array.from({ length: 6 }, () => ({ lane: "a", run })), 4, { a: 3 });
  assert.is(most, 3);
});

s("without a lane in the way, jobs start in order", async () => {
  const started: number[] = [];
  const jobs = [0, 1, 2, 3].map((index) => ({
    run: async () => {
      started.push(index);
      await turn();
    },
  }));
  await schedule(jobs, 2);
  assert.equal(started, [0, 1, 2, 3]);
});

s("one that is alone has its lane for itself, and leaves a place empty", async () => {
  const running: string[] = [];
  const beside: string[][] = [];
  const job = (name: string, lane?: string, alone = false) => ({
    lane,
    alone,
    async run() {
      running.push(name);
      if (alone) beside.push(running.filter((other) => other !== name));
      for (let turns = 0; turns < 3; turns++) await turn();
      if (alone) beside.push(running.filter((other) => other !== name));
      running.splice(running.indexOf(name), 1);
    },
  });
  const others = Array.from({ length: 6 }, (_, index) => job(`other ${index}`));
  const lane = Array.from({ length: 4 }, (_, index) => job(`in lane ${index}`, "a"));
  await schedule([...lane.slice(0, 2), job("x", "a", true), job("y", "a", true), ...lane.slice(2), ...others], 3, {
    a: 2,
  });
  assert.is(beside.length, 4);
  for (const names of beside) {
    assert.ok(names.length <= 1 && names.every((name) => name.startsWith("other")), `${names}`);
  }
  assert.ok(beside.some((names) => names.length === 1));
});

s("one that is alone runs where one runs at a time", async () => {
  const done: string[] = [];
  const job = (name: string, alone: boolean) => ({
    lane: "a",
    alone,
    run: () => Promise.resolve(void done.push(name)),
  });
  await schedule([job("x", true), job("y", false)], 1);
  assert.equal(done, ["x", "y"]);
});

s("what waits for something holds up no other, and runs though it fails", async () => {
  const started: string[] = [];
  let come = () => {};
  let fail = () => {};
  const coming = new Promise<void>((resolve) => come = resolve);
  const failing = new Promise<void>((_, reject) => fail = () => reject(new Error("broken")));
  const job = (name: string, after?: Promise<unknown>) => ({
    after,
    run: () => Promise.resolve(void started.push(name)),
  });
  const all = schedule([job("late", coming), job("later", failing), job("first"), job("second")], 1);
  await turn();
  assert.equal(started, ["first", "second"]);
  fail();
  await turn();
  come();
  await all;
  assert.equal(started, ["first", "second", "later", "late"]);
});

s("nothing to do is done", () => schedule([], 2));

s("a job that throws is told when the others have ended", async () => {
  let ended = false;
  const jobs = [
    { run: () => Promise.reject(new Error("broken")) },
    { run: async () => void (await turn(), ended = true) },
  ];
  const message = await schedule(jobs, 2).then(() => "", (error: Error) => error.message);
  assert.equal([message, ended], ["broken", true]);
});

s.run();
