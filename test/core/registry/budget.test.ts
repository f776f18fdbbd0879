import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createBudget } from "../../../core/registry/budget.ts";

const s = suite("budget");

/** Runs tasks of these lanes, asked for at once; tells in which order they began, and how many ran together at most. */
async function run(limit: number, lanes: string[]): Promise<{ order: string[]; most: number }> {
  const budget = createBudget(limit);
  const order: string[] = [];
  let [running, most] = [0, 0];
  await Promise.all(lanes.map((lane) =>
    budget.run(lane, async () => {
      order.push(lane);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    })
  ));
  return { order, most };
}

s("a lane with much to do does not hold up the others", async () => {
  const { order } = await run(1, ["big", "big", "big", "big", "small", "big", "other", "small"]);
  assert.equal(order.slice(0, 5), ["big", "big", "small", "other", "big"]);
});

s("a task that fails makes room as well", async () => {
  const budget = createBudget(1);
  const failed = budget.run("a", () => Promise.reject(new Error("no")));
  const next = budget.run("a", () => Promise.resolve("next"));
  assert.is(await failed.catch((error: Error) => error.message), "no");
  assert.is(await next, "next");
});

s("all run, never more than the limit at once", async () => {
  const lanes = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 30 });
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), lanes, async (limit, asked) => {
    const { order, most } = await run(limit, asked);
    assert.equal([...order].sort(), [...asked].sort());
    assert.ok(most <= limit);
  }));
});

s.run();
