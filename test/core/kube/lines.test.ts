import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lineSplitter } from "../../../core/kube/watch_stream.ts";

const s = suite("lines of a watch");
const encoder = new TextEncoder();

function splitIn(text: string, sizes: number[]): string[] {
  const bytes = encoder.encode(text);
  const split = lineSplitter();
  const lines: string[] = [];
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const size = sizes[index % sizes.length]!;
    lines.push(...split(bytes.subarray(start, start + size)));
    start += size;
  }
  return lines;
}

s("lines are the same however the bytes are cut, characters of several bytes included", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: "grapheme" })),
    fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    (texts, sizes) => {
      const lines = texts.map((text) => text.replaceAll("\n", " "));
      const found = splitIn(lines.map((line) => `${line}\n`).join(""), sizes);
      assert.equal(found, lines.filter((line) => line !== ""));
    },
  ));
});

s("a chunk may be reused by its owner", () => {
  const split = lineSplitter();
  const chunk = encoder.encode("half");
  assert.equal(split(chunk), []);
  chunk.fill(0);
  assert.equal(split(encoder.encode(" line\n")), ["half line"]);
});

s("one huge line in small chunks", () => {
  const line = "ä".repeat(1_000_000);
  assert.equal(splitIn(`${line}\nend`, [4096]), [line]);
});

s.run();
