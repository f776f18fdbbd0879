import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import { parseChartVersion } from "../../../core/versions/version.ts";
import { comparable, compareVersions } from "../../../core/versions/version_order.ts";

const s = suite("versions of charts");
const read = (text: string) => {
  const version = parseChartVersion(text);
  assert.ok(version, `${text} is a version`);
  return version;
};
const compare = (a: string, b: string) => Math.sign(compareVersions(read(a), read(b)));

/** Each is lower than the next; the first eight are the example of https://semver.org, item 11. */
const chains = [
  [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
  ],
  ["1.0.0", "2.0.0", "2.1.0", "2.1.1", "10.0.0"],
  ["1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0--", "1.0.0-A", "1.0.0-a", "1.0.0-alpine3.19", "1.0.0"],
  [
    "1.9.0",
    "1.10.0",
    "1.99999999999999999999.0",
    "1.100000000000000000000.0",
    "20240101.0.0",
    "99999999999999999999.0.0",
  ],
];
for (const chain of chains) {
  s(`in this order: ${chain.join(" < ")}`, () => {
    for (const [at, lower] of chain.entries()) {
      for (const higher of chain.slice(at + 1)) {
        assert.is(compare(lower, higher), -1, `${lower} < ${higher}`);
        assert.is(compare(higher, lower), 1, `${higher} > ${lower}`);
        assert.ok(comparable(read(lower), read(higher)), `${lower} and ${higher} have an order`);
      }
    }
  });
}

for (
  const [a, b] of [
    ["1.2.3", "v1.2.3"],
    ["1.2.3+1", "1.2.3+2"],
    ["1.2.3+1", "1.2.3"],
    ["1.2.3-rc.1+a", "1.2.3-rc.1+b.c"],
  ] as const
) {
  s(`${a} and ${b} are the same version`, () => {
    assert.is(compare(a, b), 0);
    assert.ok(comparable(read(a), read(b)));
  });
}

s("what is no version reads as none", () => {
  const garbage = [
    "",
    "v",
    "latest",
    "1.2.3.4",
    "1",
    "1.2",
    "v1.2",
    "1.02.3",
    "1.2345.0067",
    "1.2.3-",
    "1.2.3+",
    "1.2.3_1",
    "1..2",
    "-1.2.3",
    "1.2.3-a..b",
    " 1.2.3",
    "1.2.3\n",
  ];
  for (
    const text of [
      ...garbage,
      "1.2.x",
      "^1.2.3",
      "1.2.3-01",
      "1.2.3-rc.01",
      "V1.2.3",
      "1.2.3-ä",
      "９.0.0",
      `1.2.3-${"a".repeat(260)}`,
    ]
  ) assert.is(parseChartVersion(text), undefined, JSON.stringify(text));
});

s("build metadata and what is written are kept", () => {
  const { text, build, prerelease } = read("v1.2.3-RC.1+build.7");
  assert.equal([text, build, prerelease], ["v1.2.3-RC.1+build.7", "build.7", ["RC", "1"]]);
});

s("no text makes it throw, and every order is one", () => {
  const number = fc.nat({ max: 3 });
  const identifier = fc.constantFrom("1", "2", "10", "a", "A", "b", "-", "rc", "0a");
  const version = fc.tuple(number, number, number, fc.array(identifier, { maxLength: 3 })).map(([a, b, c, pre]) =>
    `${a}.${b}.${c}${pre.length > 0 ? `-${pre.join(".")}` : ""}`
  );
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseChartVersion(text)));
  fc.assert(fc.property(version, version, version, (a, b, c) => {
    assert.is(compare(a, b) + 0, -compare(b, a) + 0);
    if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0, `${a} ${b} ${c}`);
  }));
});

s("each part is where the order looks for it", () => {
  const parts = (text: string) => {
    const { prefix, numbers, prerelease, builds, suffix, hash, build, strict } = read(text);
    return { prefix, numbers, prerelease, builds, suffix, hash, build, strict };
  };
  const none = { prefix: "", prerelease: [], builds: [], suffix: "", hash: "", build: "", strict: true };
  assert.equal(parts("v1.20.3"), { ...none, numbers: ["1", "20", "3"] });
  const all = { ...none, numbers: ["1", "2", "3"], prerelease: ["rc", "1"], build: "build.7" };
  assert.equal(parts("1.2.3-rc.1+build.7"), all);
});

s("the longest that is read has 256 characters", () => {
  const longest = `1.2.3-${"a".repeat(250)}`;
  assert.ok(parseChartVersion(longest));
  assert.is(parseChartVersion(`${longest}a`), undefined);
});

s.run();
