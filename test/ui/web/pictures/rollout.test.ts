import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Rollout, rolloutPicture } from "../../../../ui/web/pictures/rollout.ts";
import { all, type Element, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";

const s = suite("the picture of a rollout");

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 30, 11, 6, seconds)).toISOString();

const usual: Rollout = {
  id: "r",
  samples: [
    { at: at(0), old: 3, new: 0, ready: 0 },
    { at: at(10), old: 3, new: 1, ready: 0 },
    { at: at(20), old: 2, new: 1, ready: 1 },
    { at: at(40), old: 0, new: 3, ready: 3 },
  ],
  marks: [
    { at: at(5), kind: "applied", label: "applied" },
    { at: at(50), kind: "verified", label: "verified" },
  ],
};

const draw = (changes: Partial<Rollout> = {}): Element => parseMarkup(String(rolloutPicture({ ...usual, ...changes })));
const cells = (row: Element) => all(row, "td").map(textOf);
const bands = (picture: Element) =>
  all(picture, ".band").filter(({ name }) => name === "path").map((band) => band.attributes.d!);

s("three areas that stand on each other, in steps", () => {
  const paths = bands(draw());
  assert.is(paths.length, 3);
  // the ready ones stand on the ground: none until 20 s of 50, one until 40 s, then three, of four in all
  assert.ok(paths[0]!.startsWith("M0,140L200,140L200,140L400,140L400,105L800,105L800,35L1000,35"), paths[0]);
  // those that are not ready on them: one from 10 s to 20 s
  assert.ok(paths[1]!.startsWith("M0,140L200,140L200,105L400,105L400,105L800,105L800,35L1000,35"), paths[1]);
  assert.ok(paths[2]!.startsWith("M0,35L200,35L200,0L400,0L400,35L800,35L800,35L1000,35"), paths[2]);
});

s("the numbers stand in a table, each moment with what happened", () => {
  const rows = all(all(draw(), "tbody")[0]!, "tr");
  assert.equal(rows.map(cells), [
    ["3", "0", "0", ""],
    ["3", "0", "0", "applied"],
    ["3", "1", "0", ""],
    ["2", "0", "1", ""],
    ["0", "0", "3", ""],
    ["0", "0", "3", "verified"],
  ]);
  assert.equal(rows.map(({ attributes }) => attributes["data-x"]), ["0", "10", "20", "40", "80", "100"]);
  assert.is(textOf(all(rows[0]!, "th")[0]!), "11:06:00 UTC");
});

s("it has a title and says in words how it ended", () => {
  const [picture] = all(draw(), "svg").filter(({ attributes }) => attributes.role === "img");
  assert.is(textOf(all(picture!, "title")[0]!), "Rollout");
  assert.is(textOf(all(picture!, "desc")[0]!), "4 counts over 50 s; at the end 0 old, 0 new not ready, 3 new ready");
  assert.is(picture!.attributes["aria-labelledby"], all(picture!, "title")[0]!.attributes.id);
});

s("under way it goes on until now", () => {
  const rows = all(all(draw({ marks: [], now: at(80) }), "tbody")[0]!, "tr");
  assert.equal(rows.map(({ attributes }) => attributes["data-x"]), ["0", "12.5", "25", "50"]);
  assert.match(bands(draw({ marks: [], now: at(80) }))[0]!, /L500,35L1000,35/);
});

s("before the first count nothing is known", () => {
  const [row] = all(all(draw({ marks: [{ at: at(-5), kind: "applied", label: "applied" }] }), "tbody")[0]!, "tr");
  assert.equal(cells(row!), ["–", "–", "–", "applied"]);
});

s("without samples it says so, and tells what happened", () => {
  const picture = draw({ samples: [] });
  assert.match(textOf(picture), "No pods were counted yet");
  assert.equal(all(picture, "li").map((item) => textOf(item).trim()), [
    "11:06:05 UTC applied",
    "11:06:50 UTC verified",
  ]);
  assert.equal(all(picture, "path"), []);
});

for (
  const [name, samples] of Object.entries({
    "one sample": [{ at: at(0), old: 1, new: 0, ready: 0 }],
    "none of anything": [{ at: at(0), old: 0, new: 0, ready: 0 }, { at: at(1), old: 0, new: 0, ready: 0 }],
    "huge counts": [{ at: at(0), old: 1e9, new: 0, ready: 0 }, { at: at(1), old: 0, new: 1e12, ready: 5 }],
    "forty samples": Array.from(
      { length: 40 },
      (_, index) => ({ at: at(index), old: 40 - index, new: index, ready: index }),
    ),
    "more ready than there are, none and no number": [{ at: at(0), old: -4, new: 1, ready: 9 }, {
      at: at(9),
      old: NaN,
      new: 2,
      ready: 1,
    }],
  })
) {
  s(`${name}: no number of the drawing is NaN`, () => {
    const picture = draw({ samples, marks: [] });
    assert.is(bands(picture).length, 3);
    assert.not.match(String(rolloutPicture({ ...usual, samples, marks: [] })), /NaN|Infinity|undefined/);
    assert.is(all(all(picture, "tbody")[0]!, "tr").length, samples.length);
    assert.equal(faultsOf(picture), []);
  });
}

s("samples with no time and marks with no time are left out", () => {
  const picture = draw({
    samples: [...usual.samples, { at: "soon", old: 9, new: 9, ready: 9 }],
    marks: [{ at: "", kind: "failed", label: "x" }],
  });
  assert.is(all(all(picture, "tbody")[0]!, "tr").length, 4);
});

s("marks in one place are one mark, the worst of them", () => {
  const marks = (["applied", "rollback", "check"] as const).map((kind) => ({ at: at(5), kind, label: kind }));
  const drawn = all(draw({ marks }), ".mark");
  assert.equal(drawn.map(({ attributes }) => attributes.class), ["mark warn"]);
  assert.is(textOf(all(drawn[0]!, "title")[0]!), "11:06:05 applied\n11:06:05 rollback\n11:06:05 check");
  assert.is(textOf(all(drawn[0]!, "text")[0]!), "3");
});

s("a mark at an edge stands within the plot, any other astride of its time", () => {
  const marks = [0, 20, 40].map((second) => ({ at: at(second), kind: "check" as const, label: "check" }));
  const signs = all(draw({ marks }), ".mark").flatMap((mark) => all(mark, "use"));
  assert.equal(signs.map(({ attributes }) => attributes.x), ["0", "-8", "-16"]);
});

s("two marks that would cover each other on a phone are one, with their number", () => {
  const shown = (apart: number) =>
    all(
      draw({ marks: [20, 20 + apart].map((second) => ({ at: at(second), kind: "check" as const, label: "" })) }),
      ".mark",
    )
      .map((mark) => all(mark, "text").map(textOf));
  assert.equal(shown(1), [["2"]]);
  assert.equal(shown(2), [[], []]);
});

s("texts of others stay texts", () => {
  for (const text of Object.values(HOSTILE)) {
    const picture = draw({ title: text, marks: [{ at: at(5), kind: "check", label: text }] });
    assert.equal(faultsOf(picture), [], text);
    assert.is(textOf(all(picture, ".name")[0]!), text);
    assert.ok(all(picture, "td").some((cell) => textOf(cell) === text), text);
    assert.is(all(picture, "img").length + all(picture, "script").length, 0);
  }
});

s("the same bytes each time, whatever the zone of the machine", () => {
  assert.is(String(rolloutPicture(usual)), String(rolloutPicture(structuredClone(usual))));
});

s.run();
