import { suite } from "uvu";
import * as assert from "uvu/assert";
import { momentsOf, type SeriesPicture, seriesPicture } from "../../../../ui/web/pictures/series.ts";
import { all, type Element, faultsOf, parseMarkup, textOf } from "../../../support/markup.ts";
import { HOSTILE } from "../../../support/hostile_strings.ts";

const s = suite("the picture of values over time");

const to = Date.UTC(2026, 10, 30, 12) / 1000;
const from = to - 86_400;

const usual: SeriesPicture = {
  id: "requests",
  title: "Requests to registries",
  unit: "req/s",
  from,
  to,
  series: [{ name: "ok", points: [[from, 1], [from + 21_600, 3], [from + 43_200, 2], [to, 4]] }],
  marks: [],
};

const draw = (changes: Partial<SeriesPicture> = {}): Element =>
  parseMarkup(String(seriesPicture({ ...usual, ...changes })));
const lines = (picture: Element) =>
  all(picture, ".line").map(({ attributes }) => attributes).filter((line) => line["vector-effect"]);
const rows = (picture: Element) => all(all(picture, "tbody")[0]!, "tr");

s("a line over the whole width, and its numbers as a table", () => {
  const points: [number, number][] = [[from, 0], [from + 43_200, 4], [to, 2]];
  const picture = draw({ series: [{ name: "ok", points }] });
  assert.equal(lines(picture).map(({ d }) => d), ["M0,140L500,0L1000,70"]);
  assert.equal(rows(picture).map((row) => [row.attributes["data-x"], ...all(row, "td").map(textOf)]), [
    ["0", "0 req/s"],
    ["50", "4 req/s"],
    ["100", "2 req/s"],
  ]);
});

s("where nothing was measured for longer than usual the line ends", () => {
  const points: [number, number][] = [0, 1, 2, 3, 7, 8].map((hour) => [from + hour * 3600, 1]);
  assert.is(lines(draw({ series: [{ name: "ok", points }] }))[0]!.d!.match(/M/g)!.length, 2);
});

s("a value with none beside it is a dot", () => {
  const points: [number, number][] = [
    [from, 4],
    ...[10, 11, 12, 13].map((hour): [number, number] => [from + hour * 3600, 2]),
  ];
  const drawn = lines(draw({ series: [{ name: "ok", points }] }));
  assert.equal(drawn.map((line) => line.class), ["line s0", "line s0 dot"]);
  assert.is(drawn[0]!.d!.match(/M/g)!.length, 1);
  assert.is(drawn[1]!.d, "M0,0h0");
});

s("what is counted has whole numbers at the side, and what is measured may have parts", () => {
  const atSide = (unit: string) =>
    all(draw({ unit, series: [{ name: "ok", points: [[from, 0], [to, 1]] }] }), "text")
      .filter(({ attributes }) => !attributes["data-at"]).map(textOf);
  assert.equal(atSide(""), ["0", "1"]);
  assert.equal(atSide("req/s"), ["0 req/s", "0.5 req/s", "1 req/s"]);
});

s("what is no number is left out, of the line and of the table", () => {
  const points: [number, number][] = [[from, 1], [from + 3600, NaN], [from + 7200, Infinity], [from + 10_800, 1]];
  const picture = draw({ series: [{ name: "ok", points }] });
  assert.equal(rows(picture).map((row) => textOf(all(row, "td")[0]!)), ["1 req/s", "–", "–", "1 req/s"]);
  assert.not.match(String(seriesPicture({ ...usual, series: [{ name: "ok", points }] })), /NaN|Infinity|undefined/);
});

s("several series share the moments; one that has no value there has a dash", () => {
  const picture = draw({
    series: [{ name: "ok", points: [[from, 1], [to, 2]] }, { name: "429", points: [[to, 5]] }],
  });
  assert.equal(all(all(picture, "thead")[0]!, "th").map(textOf), ["Time", "ok", "429"]);
  assert.equal(rows(picture).map((row) => all(row, "td").map(textOf)), [["1 req/s", "–"], ["2 req/s", "5 req/s"]]);
  assert.equal(all(all(picture, ".legend")[0]!, "li").map(textOf).map((text) => text.trim()), ["ok", "429"]);
  assert.is(new Set(lines(picture).map((line) => line.class)).size, 2);
});

s("of more series than can be told apart six are drawn, and it says so", () => {
  const series = Array.from(
    { length: 9 },
    (_, index) => ({ name: `s${index}`, points: [[from, index]] as [number, number][] }),
  );
  const picture = draw({ series });
  assert.is(lines(picture).length, 6);
  assert.is(textOf(all(picture, ".note")[0]!), "req/s, 3 more are not drawn");
});

s("updates and rollbacks stand above, and in a list with their links", () => {
  const picture = draw({
    marks: [
      { at: to - 3600, kind: "rollback", label: "shop/web", href: "/updates/shop/b" },
      { at: to - 7200, kind: "update", label: "shop/web", href: "/updates/shop/a" },
      { at: from - 1, kind: "update", label: "before", href: "/updates/shop/0" },
    ],
  });
  assert.equal(all(picture, ".mark").map(({ attributes }) => attributes.class), ["mark active", "mark warn"]);
  const listed = all(all(picture, ".mark-list")[0]!, "a");
  assert.equal(listed.map(({ attributes }) => attributes.href), ["/updates/shop/a", "/updates/shop/b"]);
  assert.match(textOf(all(picture, "desc")[0]!), /; 1 update, 1 rollback$/);
});

s(
  "what can be pressed stands over the picture, which is one image to a screen reader, and is no stop of the Tab key",
  () => {
    const picture = draw({ marks: [{ at: to - 3600, kind: "update", label: "shop/web", href: "/updates/shop/a" }] });
    const image = all(picture, "svg").find(({ attributes }) => attributes.role === "img")!;
    assert.equal(all(image, "a"), []);
    const [above] = all(picture, ".above");
    assert.is(above!.attributes["aria-hidden"], "true");
    assert.equal(all(above!, "a").map(({ attributes }) => [attributes.href, attributes.tabindex]), [[
      "/updates/shop/a",
      "-1",
    ]]);
  },
);

s("of a thousand marks fifty are listed, the last ones", () => {
  const marks = Array.from(
    { length: 1000 },
    (_, index) => ({ at: from + index * 80, kind: "update" as const, label: `${index}` }),
  );
  const picture = draw({ marks });
  const items = all(all(picture, ".mark-list")[0]!, "li").map((item) => textOf(item).trim());
  assert.is(items.length, 51);
  assert.is(items[0], "950 earlier ones are not listed");
  assert.match(items[50]!, / 999$/);
  assert.ok(all(picture, ".mark").length <= 51);
});

s("a day of five minutes each is drawn whole", () => {
  const points = Array.from({ length: 288 }, (_, index) => [from + index * 300, index % 7] as [number, number]);
  assert.is(rows(draw({ series: [{ name: "ok", points }] })).length, 288);
});

s("of more moments the highest value of each part is told", () => {
  const points = Array.from(
    { length: 100_000 },
    (_, index) => [from + index * 0.864, index === 50_000 ? 99 : 1] as [number, number],
  );
  const moments = momentsOf([{ name: "ok", points }], from, to);
  assert.is(moments.length, 300);
  assert.is(moments.filter(({ values }) => values[0] === 99).length, 1);
});

for (
  const [name, points] of Object.entries({
    "one point": [[from + 60, 5]],
    "all zero": [[from, 0], [to, 0]],
    "huge": [[from, 1e300], [to, -1e300]],
    "below zero": [[from, -5], [to, -1]],
    "unsorted, twice": [[to, 1], [from, 2], [to, 3]],
  } as Record<string, [number, number][]>)
) {
  s(`${name}: a drawing of numbers`, () => {
    const markup = String(seriesPicture({ ...usual, series: [{ name: "ok", points }] }));
    assert.not.match(markup, /NaN|Infinity|undefined/);
    assert.is(lines(parseMarkup(markup)).length, 1);
    assert.equal(faultsOf(parseMarkup(markup)), []);
  });
}

for (
  const [name, series] of Object.entries({
    "no series": [],
    "no points": [{ name: "ok", points: [] }],
    "no number": [{ name: "ok", points: [[from, NaN]] as [number, number][] }],
  })
) {
  s(`${name}: it says that there is nothing`, () => {
    const picture = draw({ series });
    assert.match(textOf(picture), "Nothing was measured in this time");
    assert.equal(all(picture, "path"), []);
  });
}

s("a time that is none is a second long", () => {
  assert.not.match(String(seriesPicture({ ...usual, from: to, series: [{ name: "ok", points: [[to, 1]] }] })), /NaN/);
});

s("times on the axis carry the moment, for the reader's zone", () => {
  const ticks = all(draw(), "text").filter(({ attributes }) => attributes["data-at"]).map((
    { attributes, children },
  ) => [attributes["data-at"], children[0]]);
  assert.equal(ticks[0], ["2026-11-29T15:00:00.000Z", "15:00"]);
  assert.ok(ticks.length >= 5 && ticks.length <= 10, String(ticks.length));
});

s("of no span more times stand on the axis than have room", () => {
  const series = [{ name: "ok", points: [[to, 1]] as [number, number][] }];
  for (let seconds = 2; seconds < 90 * 86_400; seconds = Math.ceil(seconds * 1.1)) {
    const picture = parseMarkup(String(seriesPicture({ ...usual, from: to - seconds, series })));
    const times = all(picture, "text").filter(({ attributes }) => attributes["data-at"]).map(textOf);
    assert.ok(times.length >= 1 && times.join("").length <= 64, `${seconds} s: ${times}`);
  }
});

s("texts of others stay texts", () => {
  for (const text of Object.values(HOSTILE)) {
    const marks = [{ at: to, kind: "update" as const, label: text, href: "/updates/a" }];
    const picture = draw({ title: text, unit: text, series: [{ name: text, points: [[from, 1], [to, 2]] }], marks });
    assert.equal(faultsOf(picture), [], text);
    assert.is(textOf(all(picture, "title")[0]!), text);
    assert.ok(all(picture, "th").some((cell) => textOf(cell) === text), text);
  }
});

s.run();
