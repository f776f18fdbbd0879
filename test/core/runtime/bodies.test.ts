import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BodyRefused, createBodies } from "../../../core/runtime/serve_limits.ts";

const s = suite("bodies in hand");

/** Room for 100 bytes, of which 10 of each body are free. */
function room(limits = {}) {
  const clock = { now: 0 };
  const refused: string[] = [];
  const bodies = createBodies(
    { bytes: 100, free: 10, settledMs: 50, ...limits },
    (why) => refused.push(why),
    () => clock.now,
  );
  const open = () => {
    const cuts: string[] = [];
    return { cuts, ...bodies.open(({ why }) => cuts.push(why)) };
  };
  return { clock, refused, bodies, open };
}
const why = (act: () => void) => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as BodyRefused).why;
  }
};

s("what is above the free part is counted until it is given back", () => {
  const { bodies, open } = room();
  const [a, b] = [open(), open()];
  a.take(8);
  assert.is(bodies.inHand(), 0);
  a.take(8);
  b.take(30);
  assert.is(bodies.inHand(), 26);
  a.whole();
  assert.is(bodies.inHand(), 26);
  a.close();
  a.close();
  b.close();
  assert.is(bodies.inHand(), 0);
});

s("the oldest that have not come whole give way", () => {
  const { bodies, open, clock, refused } = room();
  const [whole, a, small, b] = [open(), open(), open(), open()];
  whole.take(40);
  whole.whole();
  a.take(40);
  small.take(5);
  b.take(40);
  clock.now = 50;
  const c = open();
  c.take(30);
  assert.equal([whole, a, small, b, c].map(({ cuts }) => cuts), [[], ["bodies"], [], [], []]);
  assert.is(bodies.inHand(), 80);
  assert.equal(refused, ["bodies"]);
  for (const one of [whole, a, small, b, c]) one.close();
  assert.is(bodies.inHand(), 0);
});

s("where none is old enough the newer is refused, and small ones come in", () => {
  const { open, clock, refused } = room();
  const a = open();
  a.take(110);
  clock.now = 49;
  const [b, small] = [open(), open()];
  assert.is(why(() => b.take(11)), "bodies");
  assert.is(why(() => small.take(10)), undefined);
  assert.equal([a.cuts, refused], [[], ["bodies"]]);
  for (const one of [a, b, small]) one.close();
});

s("one that does not come in time is late", async () => {
  const { bodies } = room();
  const quick = createBodies({ wholeMs: 60, pieceMs: 40 });
  const cuts: string[] = [];
  const stalled = quick.open(({ why }) => cuts.push(`stalled ${why}`));
  const steady = quick.open(({ why }) => cuts.push(`steady ${why}`));
  const done = quick.open(() => cuts.push("done"));
  done.take(3);
  done.whole();
  stalled.take(1);
  const pieces = setInterval(() => steady.take(1), 10);
  while (cuts.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(pieces);
  assert.equal(cuts, ["stalled late", "steady late"]);
  for (const one of [stalled, steady, done]) one.close();
  assert.is(bodies.inHand(), 0);
});

s.run();
