import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forEachFairly } from "../../../core/lib/for_each_fairly.ts";

const s = suite("work for each, apart");
const ownerOf = (item: string) => item[0]!;
const turn = () => new Promise((done) => setTimeout(done, 0));

s("one that takes long keeps no other waiting", async () => {
  const done: string[] = [];
  let end = () => {};
  const slow = new Promise<void>((resolve) => end = resolve);
  const items = ["a1", ...Array.from({ length: 50 }, (_, n) => `b${n}`)];
  const all = forEachFairly(items, { atOnce: 2, ownerOf, isOver: () => false }, async (item) => {
    if (item === "a1") await slow;
    done.push(item);
  });
  await turn();
  assert.is(done.length, 50);
  end();
  await all;
  assert.is(done.at(-1), "a1");
});

s("owners take turns", async () => {
  const done: string[] = [];
  const items = ["a1", "a2", "a3", "b1", "c1", "b2"];
  await forEachFairly(
    items,
    { atOnce: 1, ownerOf, isOver: () => false },
    (item) => Promise.resolve(void done.push(item)),
  );
  assert.equal(done, ["a1", "b1", "c1", "a2", "b2", "a3"]);
});

s("the rest is left when it is over, and what throws is thrown", async () => {
  const done: string[] = [];
  const options = { atOnce: 1, ownerOf, isOver: () => done.length === 2 };
  await forEachFairly(["a", "b", "c"], options, (item) => Promise.resolve(void done.push(item)));
  assert.equal(done, ["a", "b"]);
  const error = new Error("no");
  const failed = forEachFairly(["a"], { ...options, isOver: () => false }, () => Promise.reject(error));
  assert.is(await failed.catch((thrown: unknown) => thrown), error);
});

s("each is done once, never more at once than may", async () => {
  const list = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(99)).map(([owner, n]) => `${owner}${n}`));
  await fc.assert(fc.asyncProperty(list, fc.integer({ min: 1, max: 5 }), async (items, atOnce) => {
    const done: string[] = [];
    let here = 0;
    await forEachFairly(items, { atOnce, ownerOf, isOver: () => false }, async (item) => {
      assert.ok(++here <= atOnce);
      await Promise.resolve();
      here--;
      done.push(item);
    });
    assert.equal(done.sort(), [...items].sort());
  }));
});

s.run();
