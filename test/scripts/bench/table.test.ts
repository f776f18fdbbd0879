import { suite } from "uvu";
import * as assert from "uvu/assert";
import { textTable } from "../../../scripts/bench/table.ts";

const s = suite("table of text");

s("columns are as wide as their widest cell", () => {
  assert.is(
    textTable([["figure", "value", "met?"], ["a", "1,000 ms", "yes"], ["a long one", "2", ""]]),
    `figure     |    value | met?
-----------|----------|-----
a          | 1,000 ms |  yes
a long one |        2 |`,
  );
});

s.run();
