import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createPool, type Place, type Pool, type PoolOptions } from "../../../core/lib/pool.ts";

const s = suite("pool of calls to the outside");
const turn = () => new Promise((done) => setTimeout(done, 0));
const never = () => new Promise<never>(() => {});

const ends = new Set<AbortController>();
s.after.each(() => {
  for (const one of ends) one.abort(new Error("the test is over"));
  ends.clear();
});

function pool(options: Partial<PoolOptions> = {}) {
  const ending = new AbortController();
  ends.add(ending);
  const made = createPool({ most: 4, mostOfNamespace: 2, timeoutMs: 60_000, signal: ending.signal, ...options });
  return { ...made, end: (reason: Error) => ending.abort(reason) };
}

/** Tasks that end when they are told to, in the order in which they begin. */
function heldTasks() {
  const begun: { name: string; end: () => void }[] = [];
  const hold = ({ run }: Pool, place: Place, name: string) => {
    run(place, () => new Promise<void>((end) => begun.push({ name, end }))).catch(() => {});
  };
  return { begun, hold, names: () => begun.map(({ name }) => name) };
}

s("a namespace takes no more than its share, whatever it has waiting", async () => {
  const one = pool();
  const { hold, names } = heldTasks();
  for (let n = 0; n < 100; n++) hold(one, { namespace: "flood" }, `flood ${n}`);
  hold(one, { namespace: "victim" }, "victim");
  await turn();
  assert.equal(names(), ["flood 0", "flood 1", "victim"]);
  assert.equal([one.waiting(), one.inHand()], [98, 3]);
});

s("a host that does not answer is asked by few, and keeps no other waiting", async () => {
  const one = pool({ mostOfNamespace: 3, mostOfHost: 1 });
  const { hold, names, begun } = heldTasks();
  for (let n = 0; n < 3; n++) hold(one, { namespace: "a", host: "silent" }, `silent ${n}`);
  hold(one, { namespace: "a", host: "other" }, "other");
  hold(one, { namespace: "b", host: "silent" }, "silent of b");
  await turn();
  assert.equal(names(), ["silent 0", "other"]);
  for (const at of [0, 2]) {
    begun[at]!.end();
    await turn();
  }
  assert.equal(names(), ["silent 0", "other", "silent 1", "silent of b"]);
});

s("namespaces take turns", async () => {
  const one = pool({ most: 1 });
  const { hold, names, begun } = heldTasks();
  for (const name of ["a", "a", "a", "b", "c", "b"]) hold(one, { namespace: name }, name);
  for (let n = 0; n < 6; n++) {
    await turn();
    begun[n]!.end();
  }
  assert.equal(names(), ["a", "a", "b", "c", "a", "b"]);
});

s("one that never ends costs its own room alone, and only until its deadline", async () => {
  const { run, inHand } = pool({ most: 1, timeoutMs: 30 });
  let given: AbortSignal | undefined;
  const deaf = run({ namespace: "a" }, (signal) => {
    given = signal;
    return never();
  });
  const next = run({ namespace: "b" }, () => Promise.resolve("next"));
  assert.is(await deaf.catch((error: Error) => error.name), "TimeoutError");
  assert.ok(given?.aborted);
  assert.is(await next, "next");
  assert.is(inHand(), 0);
});

s("what is not wanted any more gives up its place, waiting or under way", async () => {
  const { run, waiting, inHand } = pool({ most: 1 });
  const first = new AbortController();
  const second = new AbortController();
  const reason = new Error("not wanted");
  const failed = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error);
  const a = failed(run({ namespace: "a" }, never, first.signal));
  const b = failed(run({ namespace: "b" }, never, second.signal));
  await turn();
  second.abort(reason);
  assert.is(await b, reason);
  first.abort(reason);
  assert.is(await a, reason);
  await turn();
  assert.equal([waiting(), inHand()], [0, 0]);
});

s("its end ends everything", async () => {
  const { run, end } = pool({ most: 1 });
  const reason = new Error("the operator stops");
  const both = [run({ namespace: "a" }, never), run({ namespace: "b" }, never)]
    .map((one) => one.catch((error: unknown) => error));
  end(reason);
  assert.equal(await Promise.all(both), [reason, reason]);
  assert.is(await run({ namespace: "a" }, never).catch((error: unknown) => error), reason);
});

s("a task that fails makes room as well", async () => {
  const { run } = pool({ most: 1 });
  const failed = run({ namespace: "a" }, () => Promise.reject(new Error("no")));
  const thrown = run({ namespace: "a" }, () => {
    throw new Error("at once");
  });
  const next = run({ namespace: "a" }, () => Promise.resolve("next"));
  assert.is(await failed.catch((error: Error) => error.message), "no");
  assert.is(await thrown.catch((error: Error) => error.message), "at once");
  assert.is(await next, "next");
});

s("all run, never more at once than may, and none waits longer than the others' turns", async () => {
  const places = fc.array(
    fc.record({ namespace: fc.constantFrom("a", "b", "c", "d"), host: fc.constantFrom("x", "y", "") }),
    { maxLength: 40 },
  );
  const limits = fc.record({
    most: fc.integer({ min: 1, max: 5 }),
    mostOfNamespace: fc.integer({ min: 1, max: 3 }),
    mostOfHost: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(fc.asyncProperty(limits, places, async (limits, asked) => {
    const { run, waiting, inHand } = pool(limits);
    const here: Place[] = [];
    const ran: number[] = [];
    await Promise.all(asked.map((place, index) =>
      run(place, async () => {
        here.push(place);
        const same = (what: "namespace" | "host") => here.filter((other) => other[what] === place[what]).length;
        assert.ok(here.length <= limits.most);
        assert.ok(same("namespace") <= limits.mostOfNamespace);
        assert.ok(place.host === "" || same("host") <= limits.mostOfHost);
        await Promise.resolve();
        here.splice(here.indexOf(place), 1);
        ran.push(index);
      })
    ));
    assert.is(new Set(ran).size, asked.length);
    assert.equal([waiting(), inHand()], [0, 0]);
  }));
  const order = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 40 });
  await fc.assert(fc.asyncProperty(order, async (namespaces) => {
    const { run } = pool({ most: 1 });
    const began: string[] = [];
    await Promise.all(namespaces.map((namespace) =>
      run({ namespace }, async () => {
        began.push(namespace);
        await Promise.resolve();
      })
    ));
    for (let at = 1; at < began.length; at++) {
      const rest = began.slice(at);
      const others = new Set(rest);
      for (const namespace of others) assert.ok(rest.indexOf(namespace) < others.size, began.join(" "));
    }
  }));
});

s.run();
