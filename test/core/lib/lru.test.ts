import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createLru } from "../../../core/lib/lru.ts";

const s = suite("least recently used");

s("what was not used for longest goes first", () => {
  const lru = createLru<number>(2);
  lru.set("a", 1);
  lru.set("b", 2);
  lru.get("a");
  lru.set("c", 3);
  assert.equal([lru.get("a"), lru.get("b"), lru.get("c")], [1, undefined, 3]);
});

s("weights count, and are given back", () => {
  const lru = createLru<string>(10, (text) => text.length);
  lru.set("a", "12345678");
  lru.set("a", "1234");
  lru.set("b", "123456");
  assert.equal([lru.get("a"), lru.get("b")], ["1234", "123456"]);
  lru.delete("a");
  lru.set("c", "1234");
  assert.equal([lru.get("b"), lru.get("c")], ["123456", "1234"]);
  lru.set("d", "more than there is room for");
  assert.is(lru.get("d"), undefined);
});

s.run();
