import { suite } from "uvu";
import * as assert from "uvu/assert";
import { toldBy } from "../../../scripts/test/report.ts";

const s = suite("what a run of the tests shows");

s("a file that passes shows the lines that it marked, and nothing else", () => {
  const output = " suite  \n# 12 states\n#   1. a step \n• \n#no\n  # nor this\n\n  Total:     1\n";
  assert.equal(toldBy({ output }), ["    12 states", "      1. a step"]);
  assert.equal(toldBy({ output: "" }), []);
});

s.run();
