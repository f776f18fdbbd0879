// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { firstWorld, type World } from "./world.ts";
import { keyOf } from "./key.ts";
import type { Move, Setting } from "./move.ts";
import { movesOf } from "./moves.ts";
import { newRequests } from "./sightings.ts";
import { worlds } from "./worlds.ts";

const s = suite("what tells worlds apart");
const bounds = worlds["two containers, each with a version"];
const setting: Setting = { bounds, requests: newRequests(bounds), mutation: {} };
const key = (world: World) => keyOf(world, setting);

/** The world after the first moves that are told like this, one after the other. */
function after(world: World, ...told: RegExp[]): World {
  let now = world;
  for (const words of told) {
    const moves: Move[] = movesOf(now, setting);
    const move = moves.find(({ what }) => words.test(what));
    if (!move) throw new Error(`no ${words} among\n${moves.map(({ what }) => what).join("\n")}`);
    now = move.world;
  }
  return now;
}

const first = firstWorld(bounds);
const applied = [/^replica A is told of app/, /^replica A applies/];
const verifying = [...applied, /^replica A writes .* Verifying .*healthy/];

s("which replica is which does not count", () => {
  const [a, b] = [
    after(first, ...applied),
    after(first, ...applied.map(({ source }) => new RegExp(source.replace("A", "B")))),
  ];
  assert.is(key(a), key(b));
  assert.is.not(a.replicas[0], b.replicas[0]);
});

s("when it was does not count, nor which numbers were given out", () => {
  const later = { ...first, now: first.now + 86_400_000, serial: 9_999 };
  assert.is(key(after(later, ...verifying)), key(after(first, ...verifying)));
});

s("what was written, what was heard of, and what may still happen does", () => {
  const keys = [
    first,
    after(first, /^replica A is told of app/),
    after(first, /^replica A is told of side/),
    after(first, ...applied),
    after(first, ...verifying),
    after(first, ...verifying, /^replica B hears of the Deployment/),
    after(first, ...verifying, /^replica B hears of the request/),
  ].map(key);
  assert.is(new Set(keys).size, keys.length);
});

s("whether the soak time is over counts, a moment does not", () => {
  const soaking = after(first, ...verifying);
  assert.is(key({ ...soaking, now: soaking.now + 1 }), key(soaking));
  assert.is.not(key(after(soaking, /^half a minute passes/)), key(soaking));
  const done = after(
    soaking,
    /^half a minute passes/,
    /^replica A marks/,
    /^replica A writes .* Completed/,
    /^replica B hears of the request/,
  );
  assert.is(key({ ...done, now: done.now + 30_000 }), key(done));
});

/** The keys of all worlds that may come next. */
const futureOf = (world: World, one: Setting) =>
  [...new Set(movesOf(world, one).map((move) => keyOf(move.world, one)))].sort().join("\n\n");

const some: (keyof typeof worlds)[] = [
  "two containers and a person",
  "a person, and replicas that are two changes behind",
  "kills and a person, with nothing kept that is finished",
  "clocks that differ",
];
for (const name of some) {
  s(`two worlds of one key have the same future: ${name}`, async () => {
    const one: Setting = { bounds: worlds[name], requests: newRequests(worlds[name]), mutation: {} };
    const futures = new Map<string, string>();
    let again = 0;
    const front = [firstWorld(one.bounds)];
    for (let world = front.shift(); world && futures.size < 1000; world = front.shift()) {
      const [known, future] = [futures.get(keyOf(world, one)), futureOf(world, one)];
      if (known !== undefined) {
        again++;
        assert.is(future, known);
        continue;
      }
      futures.set(keyOf(world, one), future);
      front.push(...movesOf(world, one).map((move) => move.world));
    }
    assert.ok(again > 100);
  });
}

s.run();
