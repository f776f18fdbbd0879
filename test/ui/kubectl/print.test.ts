import * as assert from "uvu/assert";
import { suite } from "uvu";
import { age, coloured, paintFor, plain, span, table, visible } from "../../../ui/kubectl/print.ts";
import { ago, now } from "./objects.ts";

const s = suite("what kubectl headwind prints");

s("columns are as wide as their longest cell, and nothing trails", () => {
  const text = table(["NAME", "TO", "NOTE"], [["web", "1.10.0", "runs"], ["a-longer-name", "2", ""]], plain);
  assert.is(text, "NAME            TO       NOTE\nweb             1.10.0   runs\na-longer-name   2");
});

s("colours do not count as width", () => {
  const rows = [["a", { text: "Held", colour: "red" as const }, "x"], ["b", "Completed", "y"]];
  const text = table(["N", "PHASE", "Z"], rows, coloured);
  // deno-lint-ignore no-control-regex
  assert.is(text.replace(/\x1b\[\d+m/g, ""), table(["N", "PHASE", "Z"], rows, plain));
  assert.ok(text.includes("\x1b[31mHeld\x1b[0m"));
});

s("what others wrote obeys nothing in the terminal, and stays in its line", () => {
  const evil = "1.0\x1b]0;owned\x07\r\nsecond \u202eline";
  assert.is(visible(evil), "1.0\ufffd]0;owned\ufffdsecond \ufffdline");
  assert.is(visible("two\n\tlines"), "two lines");
  assert.is(table(["A"], [[evil]], plain).split("\n").length, 2);
  assert.not.ok(table(["A"], [[evil]], plain).includes("\x1b"));
});

s("colours are for terminals, and for those who have not asked for none", () => {
  assert.is(paintFor(true, { TERM: "xterm" }, false), coloured);
  assert.is(paintFor(false, {}, false), plain);
  assert.is(paintFor(true, {}, true), plain);
  assert.is(paintFor(true, { NO_COLOR: "1" }, false), plain);
  assert.is(paintFor(true, { NO_COLOR: "" }, false), coloured);
  assert.is(paintFor(true, { TERM: "dumb" }, false), plain);
});

s("ages are as kubectl says them", () => {
  const cases: [number, string][] = [
    [0, "0s"],
    [59, "59s"],
    [60, "1m"],
    [190, "3m10s"],
    [600, "10m"],
    [3 * 3600 + 300, "3h5m"],
    [36 * 3600, "1d12h"],
    [12 * 86_400 + 5, "12d"],
    [800 * 86_400, "2y70d"],
  ];
  for (const [seconds, text] of cases) assert.is(span(seconds), text);
  assert.is(age(ago(190), now), "3m10s");
  assert.is(age(ago(-5), now), "0s");
  assert.is(age("soon", now), "");
  assert.is(age(undefined, now), "");
});

s.run();
