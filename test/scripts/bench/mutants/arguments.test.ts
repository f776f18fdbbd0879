import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseArguments } from "../../../../scripts/bench/mutants/arguments.ts";

const s = suite("arguments of the mutants");

s("none: the pure folders", () => {
  const { folders, count, seed, tests } = parseArguments([]);
  assert.equal(folders, ["core/versions", "core/policy", "core/requests", "core/lifecycle", "core/intake"]);
  assert.equal([count, seed, tests], [600, 1, 12]);
});

s("folders, or a list of files", () => {
  assert.equal(parseArguments(["--folder", "core/lib/", "--folder=core/kube"]).folders, ["core/lib", "core/kube"]);
  assert.is(parseArguments(["--files", "list"]).files, "list");
  assert.throws(() => parseArguments(["--files", "list", "--folder", "core/lib"]), "both say what to mutate");
});

s("what is wrong is said", () => {
  assert.throws(() => parseArguments(["--count", "0"]), '--count: "0" is not a whole number above 0');
  assert.throws(() => parseArguments(["--cuont", "5"]));
});

s.run();
