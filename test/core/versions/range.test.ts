import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { highestWithin, isAbove, isRange, lowestOf, nextRange } from "../../../core/versions/range.ts";
import { parseChartVersion } from "../../../core/versions/version.ts";

const s = suite("ranges of chart versions");
const version = (text: string) => parseChartVersion(text)!;

/**
 * Range, its lowest, one that is in it, one that is above it (none: nothing is), and the range that follows for 8.1.2. Who is in it
 * was asked of https://github.com/Masterminds/semver v3.4.0, which Helm and Flux use.
 */
const ranges: [string, string, string, string | undefined, string | undefined][] = [
  ["^6.1", "6.1.0", "6.9.9", "7.0.0", "^8.1"],
  ["^6", "6.0.0", "6.9.9", "7.0.0", "^8"],
  ["^6.1.2", "6.1.2", "6.9.9", "7.0.0", "^8.1.2"],
  ["^v6.1", "6.1.0", "6.1.0", "7.0.0", "^v8.1"],
  ["^ 6.1", "6.1.0", "6.9.9", "7.0.0", "^ 8.1"],
  ["~6.3", "6.3.0", "6.3.1", "6.4.0", "~8.1"],
  ["~6", "6.0.0", "6.9.9", "7.0.0", "~8"],
  ["~6.3.1", "6.3.1", "6.3.9", "6.4.0", "~8.1.2"],
  ["6.x", "6.0.0", "6.9.9", "7.0.0", "8.x"],
  ["6.X", "6.0.0", "6.9.9", "7.0.0", "8.X"],
  ["6.*", "6.0.0", "6.9.9", "7.0.0", "8.*"],
  ["6.3.x", "6.3.0", "6.3.9", "6.4.0", "8.1.x"],
  ["v6.x", "6.0.0", "6.9.9", "7.0.0", "v8.x"],
  ["6", "6.0.0", "6.9.9", "7.0.0", "8"],
  ["6.3", "6.3.0", "6.3.9", "6.4.0", "8.1"],
  ["^0.2.3", "0.2.3", "0.2.9", "0.3.1", "^8.1.2"],
  ["^0.0.3", "0.0.3", "0.0.3", "0.0.4", "^8.1.2"],
  ["^0", "0.0.0", "0.3.1", "1.0.0", "^8"],
  [">=6.0.0 <7.0.0", "6.0.0", "6.9.9", "7.0.0", ">=8.1.2 <9.0.0"],
  [">=6.0.0, <7.0.0", "6.0.0", "6.9.9", "7.0.0", ">=8.1.2, <9.0.0"],
  [">=6, <7", "6.0.0", "6.9.9", "7.0.0", ">=8, <9"],
  [">=6.1 <7.0.0-0", "6.1.0", "6.9.9", "7.0.0", ">=8.1 <9.0.0-0"],
  ["*", "0.0.0", "6.9.9", undefined, undefined],
  ["x", "0.0.0", "6.9.9", undefined, undefined],
  [">=6", "6.0.0", "99.0.0", undefined, undefined],
  ["6.0.0 - 6.9.9", "6.0.0", "6.9.9", "7.0.0", undefined],
  ["^6 || ^7", "6.0.0", "7.2.3", "8.1.0", undefined],
  [">=5.0.0 <7.0.0", "5.0.0", "6.9.9", "7.0.0", undefined],
  [">=6.0.0 <6.5.0", "6.0.0", "6.4.9", "6.5.0", undefined],
  ["<7", "0.0.0", "6.9.9", "7.0.0", undefined],
  ["=6.3.0", "6.3.0", "6.3.0", "6.3.1", undefined],
  [">=6.0.0-0 <7", "6.0.0-0", "6.9.9", "7.0.0", undefined],
  ["1.2.3-0 || 2.x", "1.2.3-0", "2.9.9", "3.0.0", undefined],
  ["1.2.3-rc.1 - 2.0.0", "1.2.3-rc.1", "2.0.0", "2.0.1", undefined],
];
for (const [range, lowest, within, above, next] of ranges) {
  s(`${range} is a range, lowest ${lowest}, then ${next ?? "not known"}`, () => {
    assert.ok(isRange(range));
    assert.is(lowestOf(range)?.text, lowest);
    assert.is(highestWithin(["0.0.0-no", within, "garbage"], range), within);
    assert.is(isAbove(version(within), range), false, `${within} is not above it`);
    if (above) {
      assert.is(isAbove(version(above), range), true, `${above} is above it`);
      assert.is(highestWithin([above], range), undefined, `${above} is not in it`);
    }
    assert.is(isAbove(version("99.0.0"), range), above !== undefined);
    assert.is(nextRange(range, version("8.1.2")), next);
    assert.is(nextRange(range, version("8.1.2-rc.1")), undefined, "no range is made for a pre-release");
  });
}

s("a version is no range", () => {
  for (
    const text of ["6.3.0", "v6.3.0", " 6.3.0 ", "6.3.0-rc.1", "6.3.0-rc.1+b", "6.3.0+b.1", "6.3.0--x", "1.2.3-2.0.0"]
  ) assert.not(isRange(text), text);
});

s("of what cannot be read nothing is known", () => {
  for (const text of ["latest", "6.3.x.x", "^6.1-", "!", "=>", "a - b", "1.2.3 &&", "x".repeat(300)]) {
    assert.is(isAbove(version("99.0.0"), text), undefined, text);
    assert.is(lowestOf(text), undefined, text);
    assert.is(highestWithin(["6.3.0"], text), undefined, text);
    assert.is(nextRange(text, version("99.0.0")), undefined, text);
  }
  assert.is(isAbove(version("99999999999999999999.0.0"), "^6"), undefined, "its number is too big to tell");
});

s("the highest of all that are in it, pre-releases and garbage apart", () => {
  const all = ["6.1.0", "6.10.0", "6.9.0", "6.11.0-rc.1", "7.0.0", "latest", "", "6.8.0+b"];
  assert.is(highestWithin(all, "^6.1"), "6.10.0");
  assert.is(highestWithin(["6.8.0+b", "6.7.0"], "^6.1"), "6.8.0+b");
  assert.is(highestWithin(all, "^8"), undefined);
  assert.is(highestWithin(["6.1", "6.3", "v6.2.9"], "^6.1"), "v6.2.9", "what has not three numbers is none");
  assert.is(highestWithin(["1.3", "1.3.0", "1.2345.0067"], "^1.2"), "1.3.0", "nor what has leading zeros");
  assert.is(highestWithin(["6.9.9beta", "6.2.0"], "^6.1"), "6.2.0", "what is no version is in none");
});

const number = fc.nat({ max: 12 });
const numbers = fc.tuple(number, number, number);
const partial = fc.oneof(
  numbers.map((all) => all.join(".")),
  numbers.map(([a, b]) => `${a}.${b}`),
  number.map(String),
  fc.constantFrom("6.x", "6.3.x", "6.3.*", "0.x", "v6.1"),
);
const range = fc.oneof(
  fc.tuple(fc.constantFrom("^", "~", "^ ", ""), partial).map(([sign, text]) => `${sign}${text}`).filter(isRange),
  fc.tuple(partial, number, fc.constantFrom(" ", ", ", ","), fc.constantFrom("", ".0", ".0.0", ".0.0-0"))
    .map(([from, to, gap, zeros]) => `>=${from}${gap}<${to}${zeros}`),
);
/** Its numbers away. */
const form = (text: string) => text.replaceAll(/\d+/g, "N");

s("the next range has the version in it, is above the one before, and has its form", () => {
  let made = 0;
  fc.assert(
    fc.property(range, numbers.map((all) => all.join(".")), (range, text) => {
      if (!isAbove(version(text), range)) return;
      const next = nextRange(range, version(text));
      if (next === undefined) return;
      made++;
      assert.is(highestWithin([text], next), text, `${next} has ${text} in it`);
      assert.not(isAbove(version(text), next));
      assert.is(form(next).replace("<N.N.N-N", ""), form(range).replace("<N.N.N-N", ""), `${range} ${next}`);
      assert.ok(isAbove(lowestOf(next)!, range), `all of ${next} is above ${range}`);
      assert.is(isAbove(lowestOf(range)!, next), false);
    }),
    { numRuns: 2000 },
  );
  assert.ok(made > 200, `only ${made} ranges were made`);
});

s("no text makes it throw", () => {
  const text = fc.oneof(
    range,
    fc.string(),
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.stringMatching(/^[0-9.^~<>=|, x*v-]{0,40}$/),
  );
  const odd = fc.constantFrom("99999999999999999999.0.0", "1.0.0-99999999999999999999", "1.0.0-a.b", "7.0.0", "v7.0.0");
  fc.assert(
    fc.property(text, odd, (range, odd) => {
      isRange(range);
      lowestOf(range);
      isAbove(version(odd), range);
      nextRange(range, version(odd));
      highestWithin([odd, range], range);
    }),
    { numRuns: 2000 },
  );
});

s.run();
