import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createAnswerCache } from "../../../core/lib/answer_cache.ts";

const s = suite("answers that are remembered for a while");

/** Two answers, for 100 ms; what was asked, in its order. */
function asking() {
  const clock = { now: 0 };
  const asked: string[] = [];
  const briefly = createAnswerCache<string>(100, 2, { now: () => clock.now });
  const ask = (key: string, fault?: Error) =>
    briefly(key, () => {
      asked.push(key);
      return fault ? Promise.reject(fault) : Promise.resolve(`${key} ${asked.length}`);
    });
  return { clock, asked, ask };
}

s("asked once for as long, whoever asks, and then again", async () => {
  const { clock, asked, ask } = asking();
  assert.equal(await Promise.all([ask("a"), ask("a")]), ["a 1", "a 1"]);
  clock.now = 99;
  assert.is(await ask("a"), "a 1");
  clock.now = 100;
  assert.is(await ask("a"), "a 2");
  assert.equal(asked, ["a", "a"]);
});

s("what fails is told to who asked, and asked again", async () => {
  const { asked, ask } = asking();
  const failed = await ask("a", new Error("no")).then(() => undefined, (error: Error) => error.message);
  assert.is(failed, "no");
  assert.is(await ask("a"), "a 2");
  assert.equal(asked, ["a", "a"]);
});

s("of too many the one that was not asked for the longest time is forgotten", async () => {
  const { asked, ask } = asking();
  for (const key of ["a", "b", "a", "c", "a", "b"]) await ask(key);
  assert.equal(asked, ["a", "b", "c", "b"]);
});

s("answers that weigh more leave less room, and one that is too heavy is kept for nobody", async () => {
  const asked: string[] = [];
  const weighed = createAnswerCache<number>(100, 10, { now: () => 0, weigh: (answer) => answer });
  const ask = (key: string, weight: number) => weighed(key, async () => (asked.push(key), weight));
  for (const [key, weight] of [["a", 4], ["b", 4], ["a", 4], ["c", 4], ["b", 4], ["d", 11], ["d", 11]] as const) {
    await ask(key, weight);
  }
  assert.equal(asked, ["a", "b", "c", "b", "d", "d"]);
});

s("keys of any length are told apart", async () => {
  const { asked, ask } = asking();
  const [one, other] = ["a", "b"].map((end) => "x".repeat(20_000) + end) as [string, string];
  for (const key of [one, other, one, other]) await ask(key);
  assert.equal(asked, [one, other]);
});

s.run();
