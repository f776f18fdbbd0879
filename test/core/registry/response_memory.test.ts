import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCall } from "../../../core/registry/registry_call.ts";
import { type Deadline, withDeadline } from "../../../core/lib/deadline.ts";
import { createResponseMemory, type Reservation } from "../../../core/registry/response_memory.ts";

const s = suite("memory for answers");

/** Takes so much at once, and keeps it until it is told to let go. */
function holder(memory: ReturnType<typeof createResponseMemory>, lane: string, bytes: number[], ms = 60_000) {
  let letGo = () => {};
  let has = false;
  const kept = new Promise<void>((resolve) => letGo = resolve);
  const held: Reservation = memory.reserve(lane, `${lane}.example`);
  const late = () => new Error("too late");
  const done = withDeadline({ stopped: true, ms, signals: [], late }, async (limit: Deadline) => {
    try {
      for (const some of bytes) await limit.counted(() => held.grow(some, limit));
      has = true;
      await kept;
    } finally {
      held.release();
    }
  }).then(() => "done", (error: Error) => error.message);
  return { done, letGo, has: () => has };
}

const settled = () => new Promise((done) => setTimeout(done, 5));

s("small ones never wait; large ones come one after the other, lanes in turns", async () => {
  const memory = createResponseMemory({ small: 10, smallInAll: 1000 });
  const a = [1, 2, 3].map(() => holder(memory, "a", [20]));
  const b = [1, 2].map(() => holder(memory, "b", [20]));
  const victim = holder(memory, "victim", [5, 5, 1]);
  const small = holder(memory, "a", [10]);
  await settled();
  const having = () => [...a, ...b, victim].map((one) => one.has());
  assert.ok(small.has());
  assert.equal(having(), [true, false, false, false, false, false]);
  a[0]!.letGo();
  await settled();
  b[0]!.letGo();
  a[1]!.letGo();
  await settled();
  assert.ok(victim.has(), "after one of a, one of b and one of a");
  assert.not(a[2]!.has());
  assert.not(b[1]!.has());
  for (const one of [...a, ...b, victim, small]) one.letGo();
  assert.equal(new Set(await Promise.all([...a, ...b, victim, small].map(({ done }) => done))), new Set(["done"]));
  assert.is(memory.taken(), 0);
});

s("one lane cannot take all memory for small ones", async () => {
  const memory = createResponseMemory({ small: 10, smallInAll: 100 });
  const greedy = Array.from({ length: 12 }, () => holder(memory, "a", [10]));
  await settled();
  // a quarter of it, and the turn of a large one
  assert.is(greedy.filter((one) => one.has()).length, 3);
  const victim = holder(memory, "victim", [10]);
  await settled();
  assert.ok(victim.has());
  for (const one of [...greedy, victim]) one.letGo();
  await Promise.all([...greedy, victim].map(({ done }) => done));
  assert.is(memory.taken(), 0);
});

s("a large one that takes too long is given up only for one that waits", async () => {
  const memory = createResponseMemory({ small: 1, turnMs: 30 });
  const slow = holder(memory, "a", [20]);
  await new Promise((done) => setTimeout(done, 60));
  const victim = holder(memory, "victim", [20]);
  assert.is(await slow.done, "a.example took longer than 0.03 s for a large answer, while others waited to be read.");
  await settled();
  assert.ok(victim.has());
  victim.letGo();
  await victim.done;
});

s("waiting costs no time of its own, and can be left", async () => {
  const memory = createResponseMemory({ small: 1, turnMs: 10_000 });
  const first = holder(memory, "a", [20]);
  const second = holder(memory, "b", [20], 40);
  const left = memory.reserve("c", "c.example");
  const stop = new AbortController();
  const gone = withDeadline(
    { stopped: true, ms: 1000, signals: [stop.signal], late: () => new Error("late") },
    (limit) => left.grow(9, limit),
  )
    .catch((error: Error) => error.message);
  await new Promise((done) => setTimeout(done, 80));
  stop.abort(new Error("nobody wants it"));
  assert.is(await gone, "nobody wants it");
  left.release();
  first.letGo();
  await settled();
  assert.ok(second.has(), "its 40 ms are not over");
  second.letGo();
  assert.is(await second.done, "done");
  assert.is(memory.taken(), 0);
});

s("what goes on though its call was given up takes nothing, and has no turn", async () => {
  const memory = createResponseMemory({ small: 10 });
  const stop = new AbortController();
  const late = () => new Error("too late");
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => goOn = resolve);
  const whole = { memory, lane: "a", host: "a.example", ms: 1000, signals: [stop.signal], late };
  let took: unknown;
  const call = runCall(whole, async ({ grow }) => {
    await gate;
    took = await grow(1000).catch((error: Error) => error.message);
  }).catch((error: Error) => error.message);
  stop.abort(new Error("given up"));
  assert.is(await call, "given up");
  goOn();
  await settled();
  assert.is(took, "given up");
  assert.is(memory.taken(), 0);

  const open = { signal: new AbortController().signal } as Deadline;
  const [first, second, third] = ["a", "b", "c"].map((lane) => memory.reserve(lane, `${lane}.example`)) as [
    Reservation,
    Reservation,
    Reservation,
  ];
  await first.grow(20, open);
  const end = new AbortController();
  const waits = withDeadline(
    { stopped: true, ms: 1000, signals: [end.signal], late },
    (limit) => second.grow(20, limit),
  )
    .catch((error: Error) => error.message);
  end.abort(new Error("given up"));
  second.release();
  first.release();
  await third.grow(20, open);
  assert.ok(third.isLarge());
  assert.is(await waits, "given up");
  third.release();
  assert.is(memory.taken(), 0);
});

s.run();
