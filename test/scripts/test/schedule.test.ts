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
