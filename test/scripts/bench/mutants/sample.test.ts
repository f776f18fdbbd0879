import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Mutant, parseSubjects, sample } from "../../../../scripts/bench/mutants/sample.ts";

const s = suite("the choice of mutants");

const mutants = (folder: string, count: number) =>
  Array.from({ length: count }, (_, start): Mutant => {
    return {
      path: `${folder}/a.ts`,
      folder,
      operator: "number",
      start,
      end: start + 1,
      replacement: "1",
      line: 1,
      before: "0",
    };
  });
const all = new Map([["core/a", mutants("core/a", 50)], ["core/b", mutants("core/b", 3)]]);
const starts = (chosen: Mutant[], folder = "core/a") =>
  chosen.filter((mutant) => mutant.folder === folder).map(({ start }) => start);

s("each folder has its part, and no more than it has mutants", () => {
  const chosen = sample(all, 20, 1);
  assert.is(starts(chosen).length, 10);
  assert.is(starts(chosen, "core/b").length, 3);
  assert.is(new Set(starts(chosen)).size, 10);
});

s("the same seed chooses the same, another others", () => {
  assert.equal(sample(all, 20, 7), sample(all, 20, 7));
  assert.not.equal(starts(sample(all, 20, 7)), starts(sample(all, 20, 8)));
});

s("a larger count takes those of a smaller one too", () => {
  assert.equal(starts(sample(all, 40, 1)).slice(0, 10), starts(sample(all, 20, 1)));
});

s("a list names files and what they count under", () => {
  assert.equal(parseSubjects("core/a/b.ts core/new\n\ncore/c/d.ts\n"), [
    { path: "core/a/b.ts", folder: "core/new" },
    { path: "core/c/d.ts", folder: "core/c" },
  ]);
});

s.run();
