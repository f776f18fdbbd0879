import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Clock, createWorkQueue } from "../../../core/lib/work_queue.ts";

const s = suite("work queue");

function heldClock() {
  let now = 0;
  let id = 0;
  const timers = new Map<number, { due: number; action: () => void }>();
  const clock: Clock = {
    now: () => now,
    setTimeout(action, ms) {
      timers.set(++id, { due: now + ms, action });
      return id;
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
  };
  function advance(ms: number): void {
    const end = now + ms;
    for (;;) {
      const [first] = [...timers].filter(([, { due }]) => due <= end).sort((a, b) => a[1].due - b[1].due);
      if (!first) break;
      timers.delete(first[0]);
      now = first[1].due;
      first[1].action();
    }
    now = end;
  }
  return { clock, advance, pending: () => [...timers.values()].map(({ due }) => due - now).sort((a, b) => a - b) };
}

const settle = () => new Promise((done) => setTimeout(done, 0));

s("a key is worked on once at a time, and once more when it was added meanwhile", async () => {
  const queue = createWorkQueue();
  const stop = new AbortController();
  const log: string[] = [];
  let go = () => {};
  const running = queue.run(async (key) => {
    log.push(`start ${key}`);
    await new Promise<void>((done) => go = done);
    log.push(`end ${key}`);
  }, { concurrency: 3, signal: stop.signal });
  queue.add("a");
  queue.add("a");
  await settle();
  queue.add("a");
  queue.add("a");
  await settle();
  assert.equal(log, ["start a"]);
  go();
  await settle();
  assert.equal(log, ["start a", "end a", "start a"]);
  go();
  await settle();
  assert.equal(log.length, 4);
  stop.abort();
  await running;
});

const sharing = {
  ownerOf: (key: string) => key < "c" ? "x" : "y",
  laneOf: (key: string) => key === "b" ? "verification" : "updates",
};

s("never more in hand than asked for, never a key twice, nothing lost", async () => {
  const actions = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: 0, max: 2 })));
  await fc.assert(
    fc.asyncProperty(actions, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (adds, concurrency, shared) => {
      const queue = createWorkQueue(shared ? { sharing } : {});
      const stop = new AbortController();
      const inHand = new Set<string>();
      const stale = new Set<string>();
      const running = queue.run(async (key) => {
        assert.not(inHand.has(key));
        inHand.add(key);
        stale.delete(key);
        assert.ok(inHand.size <= concurrency);
        await Promise.resolve();
        inHand.delete(key);
      }, { concurrency, signal: stop.signal });
      for (const [key, turns] of adds) {
        stale.add(key);
        queue.add(key);
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      }
      await settle();
      assert.is(stale.size, 0);
      assert.is(queue.size(), 0);
      stop.abort();
      await running;
    }),
    { numRuns: 50 },
  );
});

s("of several times the earliest counts", () => {
  const { clock, advance, pending } = heldClock();
  const queue = createWorkQueue({ clock });
  queue.addAfter("a", 100);
  queue.addAfter("a", 50);
  queue.addAfter("a", 70);
  assert.equal(pending(), [50]);
  advance(49);
  assert.is(queue.size(), 0);
  advance(1);
  assert.is(queue.size(), 1);
});

s("a wait longer than a timer can be is waited for whole", () => {
  const { clock, advance } = heldClock();
  const queue = createWorkQueue({ clock });
  queue.addAfter("a", 2 ** 31 + 10);
  advance(2 ** 31 + 9);
  assert.is(queue.size(), 0);
  advance(1);
  assert.is(queue.size(), 1);
});

s("failures double the wait up to the longest; success forgets them", async () => {
  const { clock, advance, pending } = heldClock();
  const queue = createWorkQueue({ clock, baseMs: 5, maxMs: 30 });
  const stop = new AbortController();
  const errors: string[] = [];
  let fails = true;
  const running = queue.run(async () => {
    if (fails) throw new Error("no");
  }, {
    concurrency: 1,
    signal: stop.signal,
    onError: (error, key) => errors.push(`${key}: ${(error as Error).message}`),
  });
  queue.add("a");
  const waits: number[] = [];
  for (let round = 0; round < 5; round++) {
    await settle();
    waits.push(...pending());
    if (round === 4) fails = false;
    advance(30);
  }
  assert.equal(waits, [5, 10, 20, 30, 30]);
  assert.is(errors.length, 5);
  assert.is(errors[0], "a: no");
  await settle();
  assert.equal(pending(), []);
  queue.retry("a");
  assert.equal(pending(), [5]);
  stop.abort();
  await running;
});

s("a worker that asks for a retry itself keeps its count", async () => {
  const { clock, pending } = heldClock();
  const queue = createWorkQueue({ clock });
  const stop = new AbortController();
  const running = queue.run(async (key) => queue.retry(key), { concurrency: 1, signal: stop.signal });
  queue.add("a");
  await settle();
  assert.equal(pending(), [5]);
  queue.add("a");
  await settle();
  queue.forget("b");
  assert.equal(pending(), [5]);
  stop.abort();
  await running;
});

s("a worker that never ends with one owner's keys is none that another waits for", async () => {
  const queue = createWorkQueue({ sharing });
  const stop = new AbortController();
  const begun: string[] = [];
  let end = () => {};
  const ended = new Promise<void>((resolve) => end = resolve);
  const running = queue.run(async (key) => {
    begun.push(key);
    if (key.startsWith("a")) await ended;
  }, { concurrency: 4, signal: stop.signal });
  for (let n = 0; n < 20; n++) queue.add(`a${n}`);
  queue.add("b");
  await settle();
  assert.equal(begun, ["a0", "a1", "a2", "b"]);
  assert.is(queue.size(), 17);
  end();
  await settle();
  assert.is(begun.length, 21);
  stop.abort();
  await running;
});

s("drain finishes what is in hand and hands out nothing more", async () => {
  const { clock, pending } = heldClock();
  const queue = createWorkQueue({ clock });
  const stop = new AbortController();
  const done: string[] = [];
  const running = queue.run(async (key) => {
    await settle();
    done.push(key);
  }, { concurrency: 1, signal: stop.signal });
  queue.add("a");
  queue.add("b");
  queue.addAfter("c", 5);
  await Promise.resolve();
  await queue.drain();
  assert.equal(done, ["a"]);
  assert.equal(pending(), []);
  queue.add("d");
  assert.is(queue.size(), 0);
  await running;
});

s.run();
