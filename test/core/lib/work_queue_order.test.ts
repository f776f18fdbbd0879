import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createWorkOrder, type WorkOrder } from "../../../core/lib/work_queue_order.ts";

const s = suite("turns of keys");

/** Keys such as `update/a/1`. */
const sharing = { laneOf: (key: string) => key.split("/")[0]!, ownerOf: (key: string) => key.split("/")[1]! };

function turns(workers: number, keys: string[]): WorkOrder {
  const made = createWorkOrder(sharing);
  made.share(workers);
  for (const key of keys) made.add(key);
  return made;
}

function takeAll({ take }: WorkOrder): string[] {
  const taken = [];
  for (let key = take(); key !== undefined; key = take()) taken.push(key);
  return taken;
}

/** What one worker does, one after the other. */
function worked(made: WorkOrder): string[] {
  const order = [];
  for (let key = made.take(); key !== undefined; key = made.take()) {
    order.push(key);
    made.done(key);
  }
  return order;
}

const flood = (owner: string, lane = "update") => Array.from({ length: 5_000 }, (_, n) => `${lane}/${owner}/${n}`);

s("an owner with thousands of keys does not hold up another's", () => {
  const order = worked(turns(1, [...flood("tenant"), "update/victim/web"]));
  assert.is(order.indexOf("update/victim/web"), 1);
  assert.is(order.length, 5_001);
});

s("a lane with thousands of keys does not hold up the other", () => {
  for (const [full, other] of [["update", "verification"], ["verification", "update"]] as const) {
    const order = worked(turns(1, [...flood("a", full), ...flood("b", full), `${other}/victim/web`]));
    assert.is(order.indexOf(`${other}/victim/web`), 1);
  }
});

s("no lane and no owner gets all workers, however long they take", () => {
  const made = turns(16, [...flood("tenant"), ...flood("other")]);
  const inHand = takeAll(made);
  assert.equal([inHand.length, inHand.filter((key) => key.startsWith("update/tenant")).length], [12, 6]);
  made.add("verification/victim/web");
  assert.is(made.take(), "verification/victim/web");
  const alone = turns(16, flood("tenant"));
  assert.is(takeAll(alone).length, 9);
  alone.add("update/victim/web");
  assert.is(alone.take(), "update/victim/web");
});

s("owners of one kind of work share all the workers, of which none gets the last", () => {
  const made = createWorkOrder({ ownerOf: sharing.ownerOf });
  made.share(4);
  for (const key of flood("tenant")) made.add(key);
  assert.is(takeAll(made).length, 3);
  for (const key of flood("victim")) made.add(key);
  assert.equal(takeAll(made), ["update/victim/0"]);
});

s("few workers do all there is", () => {
  for (const workers of [1, 2, 3, 4, 5]) {
    assert.is(worked(turns(workers, flood("a").slice(0, 50))).length, 50);
    assert.ok(takeAll(turns(workers, flood("a"))).length >= Math.min(workers, 3));
  }
});

s("a key that waits changes its lane when it is added again", () => {
  let lane = "update";
  const made = createWorkOrder({ ...sharing, laneOf: (key) => key.includes("web") ? lane : "update" });
  made.share(1);
  for (const key of [...flood("a"), "update/b/web"]) made.add(key);
  lane = "verification";
  made.add("update/b/web");
  assert.is(made.size(), 5_001);
  assert.is(worked(made).indexOf("update/b/web"), 1);
});

s("no key is lost, none given twice, and none waits longer than its own before it and the others' turns", () => {
  const part = fc.record({
    lane: fc.constantFrom("update", "verification"),
    owner: fc.constantFrom("a", "b", "c", "d", "e"),
    name: fc.integer({ min: 0, max: 8 }),
    taken: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(fc.property(fc.array(part, { maxLength: 80 }), (parts) => {
    const made = turns(1, []);
    const waiting = new Map<string, { takes: number; before: number }>();
    const sameOwner = (a: string, b: string) => a.slice(0, a.lastIndexOf("/")) === b.slice(0, b.lastIndexOf("/"));
    const take = () => {
      const key = made.take();
      if (key === undefined) return assert.is(waiting.size, 0);
      const { takes, before } = waiting.get(key)!;
      assert.ok(takes <= 2 * 5 * (before + 1), `${key} waited for ${takes} others, ${before} of its own owner`);
      waiting.delete(key);
      for (const other of waiting.values()) other.takes++;
      made.done(key);
    };
    for (const { lane, owner, name, taken } of parts) {
      const key = `${lane}/${owner}/${name}`;
      made.add(key);
      const before = [...waiting.keys()].filter((other) => sameOwner(other, key)).length;
      if (!waiting.has(key)) waiting.set(key, { takes: 0, before });
      assert.is(made.size(), waiting.size);
      for (let turn = 0; turn < taken; turn++) take();
    }
    while (waiting.size > 0) take();
    take();
  }));
});

s("never more in hand than may, and room that is made is used", () => {
  const step = fc.record({ key: fc.tuple(fc.constantFrom("update", "verification"), fc.constantFrom("a", "b", "c")) });
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 60 }), (workers, steps) => {
    const made = turns(workers, steps.map(({ key: [lane, owner] }, n) => `${lane}/${owner}/${n}`));
    const ofLane = workers - Math.floor(workers / 4);
    const inHand: string[] = [];
    let worked = 0;
    while (worked < steps.length) {
      for (let free = workers - inHand.length; free > 0; free--) {
        const key = made.take();
        if (key === undefined) break;
        inHand.push(key);
      }
      assert.ok(inHand.length > 0, "somebody works");
      for (const lane of ["update", "verification"]) {
        const some = inHand.filter((key) => key.startsWith(lane));
        assert.ok(some.length <= ofLane);
        for (const owner of ["a", "b", "c"]) {
          assert.ok(some.filter((key) => key.startsWith(`${lane}/${owner}`)).length <= Math.ceil(ofLane * 3 / 4));
        }
      }
      made.done(inHand.shift()!);
      worked++;
    }
  }));
});

s.run();
