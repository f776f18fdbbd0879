import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createTurns } from "../../../../ui/web/live/turns.ts";

const s = suite("ui/web/live/turns");
const soon = (ms = 1) => new Promise<void>((resolve) => setTimeout(resolve, ms));

s("one after another, in order", async () => {
  const turns = createTurns(60_000);
  let running = 0;
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((number) =>
    turns.take(async () => {
      assert.is(++running, 1);
      await soon();
      order.push(number);
      running--;
    })
  ));
  assert.equal(order, [1, 2, 3]);
  assert.ok(turns.spent() > 0);
});

s(
  "one that hangs keeps the others waiting for no longer than its turn, and one that fails for not even that",
  async () => {
    const turns = createTurns(20);
    let go = () => {};
    const hanging = turns.take(() => new Promise<void>((resolve) => go = resolve));
    const failing = turns.take(() => Promise.reject(new Error("no")));
    assert.is(await failing.catch((error: Error) => error.message), "no");
    await turns.take(() => Promise.resolve());
    go();
    await hanging;
  },
);

s("one that throws at once fails alone", async () => {
  const turns = createTurns(20);
  const failing = turns.take(() => {
    throw new Error("no");
  });
  assert.is(await failing.catch((error: Error) => error.message), "no");
  await turns.take(() => Promise.resolve());
});

s.run();
