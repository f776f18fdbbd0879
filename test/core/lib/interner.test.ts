// runs on: deno, node
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { createInterner } from "../../../core/lib/interner.ts";
import { closestName } from "../../../core/lib/closest_name.ts";

const s = suite("what equal keys share");

s("equal keys give the same frozen value, made once, also where that is undefined", () => {
  const interned = createInterner<{ key: string } | undefined>();
  let made = 0;
  const get = (key: string) => interned(key, () => (made++, key === "none" ? undefined : { key }));
  assert.is(get("a"), get("a"));
  assert.ok(Object.isFrozen(get("a")));
  assert.is(get("none"), get("none"));
  assert.is(made, 2);
});

/** Asks for keys in order; gives what is still known of them, asked from the last on, without asking anew. */
function keptOf(keys: readonly string[], most: number): string[] {
  const interned = createInterner<{ key: string }>(most);
  const values = new Map(keys.map((key) => [key, interned(key, () => ({ key }))]));
  return [...values.keys()].reverse().filter((key) => interned(key, () => ({ key: "anew" })).key === key);
}

s("of ever new keys no more is kept than its bound", () => {
  const keys = Array.from({ length: 2000 }, (_, index) => `${index}`.padStart(1000, "x"));
  const kept = keptOf(keys, 100_000);
  const characters = kept.reduce((sum, key) => sum + key.length + 200, 0);
  assert.ok(characters <= 100_000 && characters >= 40_000, `${characters} characters`);
  assert.equal(kept, keys.slice(-kept.length).reverse(), "the last ones");
});

s("one that is too large is not kept, and takes no place from the others", () => {
  const interned = createInterner<object>(100_000);
  const small = interned("small", () => ({}));
  for (let index = 0; index < 100; index++) interned(`${index}`.padEnd(250_000, "y"), () => ({}));
  assert.is(interned("small", () => ({})), small);
});

s("what is asked for again and again stays, whatever passes by", () => {
  const interned = createInterner<object>(100_000);
  const shared = interned("shared by thousands", () => ({}));
  for (let index = 0; index < 20_000; index++) {
    interned(`passes ${index}`, () => ({}));
    if (index % 50 === 0) assert.is(interned("shared by thousands", () => ({})), shared);
  }
});

s("the bound holds for keys of any lengths", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 400 }), (lengths) => {
      const keys = [...new Set(lengths.map((length, index) => `${index}`.padEnd(length, "z")))];
      const kept = keptOf(keys, 50_000);
      return kept.reduce((sum, key) => sum + key.length + 200, 0) <= 50_000;
    }),
    { seed: 8, numRuns: 200 },
  );
});

s("the closest name is the same as without a bound, and none is looked for of a long text", () => {
  const known = ["policy", "pattern", "min-update-interval", "event-source"].map((name) => `headwind.sh/${name}`);
  const plain = (a: string, b: string): number => {
    const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
    for (let i = 1; i <= a.length; i++) {
      for (let j = 1; j <= b.length; j++) {
        const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
        rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, change);
      }
    }
    return rows[a.length]![b.length]!;
  };
  const typed = fc.tuple(
    fc.constantFrom(...known),
    fc.array(fc.nat(40), { maxLength: 4 }),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(typed, ([name, places, letters]) => {
      let text = name;
      for (const [index, place] of places.entries()) {
        text = text.slice(0, place) + (letters[index] ?? "") + text.slice(place + 1);
      }
      const least = Math.max(2, Math.floor(text.length / 6));
      const fewest = Math.min(...known.map((one) => plain(text, one)));
      const found = closestName(text, known);
      return fewest > least ? found === undefined : plain(text, found!) === fewest;
    }),
    { seed: 3, numRuns: 2000 },
  );
  assert.is(closestName(`headwind.sh/policy${"x".repeat(250_000)}`, known), undefined);
});

s.run();
