import * as assert from "uvu/assert";
import { brief } from "../../../core/lib/brief.ts";
import { suite } from "uvu";

const s = suite("the beginning of a text");

const cases: [what: string, text: string, most: number, brief: string][] = [
  ["short", "it fits", 7, "it fits"],
  ["cut at a word", "one two three", 9, "one two …"],
  ["cut where a word ends", "one two three", 7, "one two …"],
  ["cut at any white space", "one\ntwo\nthree", 9, "one\ntwo …"],
  ["a single word", "x".repeat(50), 10, `${"x".repeat(10)} …`],
  ["a word that begins early and is long", `a ${"x".repeat(50)}`, 10, `a ${"x".repeat(8)} …`],
  ["no half of a character", "x".repeat(9) + "😀😀", 10, `${"x".repeat(9)} …`],
  ["nothing", "", 10, ""],
  ["white space alone", " ".repeat(50), 10, " …"],
];
for (const [what, text, most, wanted] of cases) {
  s(what, () => assert.is(brief(text, most), wanted));
}

s.run();
