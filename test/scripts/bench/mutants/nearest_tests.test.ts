import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nearestTests, specifiersIn } from "../../../../scripts/bench/mutants/nearest_tests.ts";

const s = suite("the tests that a mutant is shown");

const imports = new Map([
  ["test/core/a/b.test.ts", ["core/a/c.ts", "core/a/d.ts"]],
  ["test/core/a/near.test.ts", ["core/a/b.ts"]],
  ["test/core/a/broad.test.ts", ["core/a/b.ts", "core/a/c.ts", "core/a/d.ts"]],
  ["test/core/a/far.test.ts", ["core/a/c.ts"]],
  ["test/core/a/other.test.ts", ["core/a/d.ts"]],
  ["core/a/c.ts", ["core/a/b.ts"]],
]);
const tests = [...imports.keys()].filter((path) => path.endsWith(".test.ts"));

s("its own comes first, then those by fewer imports, and of these the one that imports least", () => {
  const own = "test/core/a/b.test.ts";
  const [near, broad, far] = ["near", "broad", "far"].map((name) => `test/core/a/${name}.test.ts`);
  assert.equal(nearestTests("core/a/b.ts", tests, imports, 9), [own, near, broad, far]);
  assert.equal(nearestTests("core/a/b.ts", tests, imports, 2), [own, near]);
});

s("a test that does not reach the file is none of them", () => {
  assert.equal(nearestTests("core/a/e.ts", tests, imports, 9), []);
});

s("imports of types alone do not count", () => {
  const text = [
    'import type { A } from "./types.ts";',
    'import { type B, c } from "./c.ts";',
    "import {",
    "  d,",
    '} from "../d.ts";',
    'export * from "./e.ts";',
    'const f = await import("./f.ts");',
    'import "./g.ts";',
    'import { suite } from "uvu";',
  ].join("\n");
  assert.equal(specifiersIn(text).sort(), ["../d.ts", "./c.ts", "./e.ts", "./f.ts", "./g.ts"]);
});

s.run();
