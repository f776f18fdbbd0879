import { existsSync, readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const s = suite("test/data/sentences.json");

s("every sentence is of a test file that there is", () => {
  const sentences = JSON.parse(readFileSync(new URL("data/sentences.json", import.meta.url), "utf8"));
  const absent = Object.keys(sentences).filter((file) => !existsSync(new URL(`${file}.test.ts`, import.meta.url)));
  assert.equal(absent, []);
});

s.run();
