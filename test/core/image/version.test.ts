import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import semver from "semver";
import {
  comparable,
  compareVersions,
  difference,
  isLower,
  isSignatureTag,
  parseVersion,
  type Version,
} from "../../../core/image/version.ts";

const s = suite("version");
const read = (tag: string): Version => parseVersion(tag) ?? assert.unreachable(`${tag} is a version`) as never;

/** tag, prefix, numbers, pre-release, suffix */
const versions: [string, string, string, string, string][] = [
  ["1", "", "1", "", ""],
  ["1.2", "", "1.2", "", ""],
  ["1.2.3", "", "1.2.3", "", ""],
  ["1.2.3.4", "", "1.2.3.4", "", ""],
  ["v1.2.3", "v", "1.2.3", "", ""],
  ["V1", "V", "1", "", ""],
  ["release-1.2", "release-", "1.2", "", ""],
  ["release-v1.2", "release-v", "1.2", "", ""],
  ["1.02.003", "", "1.2.3", "", ""],
  ["0.0.0", "", "0.0.0", "", ""],
  ["1.2.3-alpine", "", "1.2.3", "", "alpine"],
  ["1.2-slim-bookworm", "", "1.2", "", "slim-bookworm"],
  ["1.25.3-alpine3.19", "", "1.25.3", "", "alpine3.19"],
  ["3.12-windowsservercore-ltsc2022", "", "3.12", "", "windowsservercore-ltsc2022"],
  ["1.2.3-debian-11-r5", "", "1.2.3", "", "debian-11-r5"],
  ["1.2.3-r0", "", "1.2.3", "", "r0"],
  ["1.2.3_amd64", "", "1.2.3", "", "_amd64"],
  ["6.0.0.Final", "", "6.0.0", "", ".Final"],
  ["1.2.x", "", "1.2", "", ".x"],
  ["1.2.3-", "", "1.2.3", "", "-"],
  ["1.2.3-rc.1", "", "1.2.3", "rc 1", ""],
  ["1.2.3-rc1", "", "1.2.3", "rc 1", ""],
  ["1.2.3-RC-01", "", "1.2.3", "rc 1", ""],
  ["1.2.3rc1", "", "1.2.3", "rc 1", ""],
  ["17beta2", "", "17", "beta 2", ""],
  ["1.0b2", "", "1.0", "b 2", ""],
  ["1.0.dev3", "", "1.0", "dev 3", ""],
  ["2.0_beta", "", "2.0", "beta", ""],
  ["6.0.0-M1", "", "6.0.0", "m 1", ""],
  ["1.2.3-SNAPSHOT", "", "1.2.3", "snapshot", ""],
  ["1.2.3-nightly.20240101", "", "1.2.3", "nightly 20240101", ""],
  ["1.2.3-alpha.beta", "", "1.2.3", "alpha beta", ""],
  ["1.2.3-0.20240101.abcdef0", "", "1.2.3", "0 20240101 abcdef0", ""],
  ["1.2.3-4", "", "1.2.3", "4", ""],
  ["1.2.3-rc.1-alpine", "", "1.2.3", "rc 1", "alpine"],
  ["3.13.0rc1-slim", "", "3.13.0", "rc 1", "slim"],
  ["3.13-rc-management-alpine", "", "3.13", "rc", "management-alpine"],
  ["1.2.3-alpine-rc1", "", "1.2.3", "", "alpine-rc1"],
  ["1.2.3-beta1x", "", "1.2.3", "", "beta1x"],
  ["20240101", "", "20240101", "", ""],
  ["1234567", "", "1234567", "", ""],
  ["2024-01-15", "", "2024", "1 15", ""],
  ["1.2.3+build.5", "", "1.2.3", "", ""],
];
for (const [tag, prefix, numbers, prerelease, suffix] of versions) {
  s(`reads ${tag}`, () => {
    const version = read(tag);
    const found = [version.prefix, version.numbers.join("."), version.prerelease.join(" "), version.suffix];
    assert.equal(found, [prefix, numbers, prerelease, suffix]);
    assert.is(version.text, tag);
  });
}
s("build metadata", () => assert.is(read("1.2.3-rc.1+build.5").build, "build.5"));

for (
  const tag of [
    ...[
      "",
      "latest",
      "main",
      "stable-alpine",
      "a1b2c3d",
      "1a2b3c4",
      "1234a56",
      "1a2",
      "12345ea",
      "8u292",
      "1.2.3.4.5",
      "1.2.3.4.5-a",
    ],
    ...["v", "v.1", "vv1", "1.2.3alpine", "1e10", "-1", "1 2", "1/2", "1\n", "sha-a1b2c3d", "1".repeat(129)],
    ...["version1", "edge"],
    `sha256-${"a".repeat(64)}`,
  ]
) {
  s(`${JSON.stringify(tag.slice(0, 40))} is no version`, () => assert.is(parseVersion(tag), undefined));
}

s("signature tags", () => {
  const hex = "0123456789abcdef".repeat(4);
  for (const end of ["", ".sig", ".att", ".sbom", ".cosign", "-1"]) {
    assert.ok(isSignatureTag(`sha256-${hex}${end}`), end);
  }
  assert.ok(isSignatureTag("sha256-abc123.sig"));
  assert.ok(isSignatureTag(`sha512-${hex}${hex}`));
  for (const tag of ["sha256-abc", "sha-a1b2c3d", "1.2.3", `x-sha256-${hex}`, "1.2.3.sig"]) {
    assert.not(isSignatureTag(tag), tag);
  }
});

/** Each row is one class, from lower to higher. */
const ladders = [
  ["1", "2", "9", "10", "18446744073709551616", "18446744073709551617"],
  ["1.2", "1.10", "2.0"],
  [
    "1.2.3-4",
    "1.2.3-alpha",
    "1.2.3-alpha.1",
    "1.2.3-alpha2",
    "1.2.3-alpha.beta",
    "1.2.3-beta",
    "1.2.3-beta.11",
    "1.2.3-rc1",
  ],
  ["1.2.3-rc.2", "1.2.3-rc10", "1.2.3", "1.2.4-alpha", "1.2.4"],
  ["v1.2.3-alpine", "v1.2.4-alpine", "v1.10.0-alpine"],
  ["20231231", "20240101", "20240101120000"],
  ["2024-01-15", "2024-02-01", "2025-01-01"],
  ["release-1.9", "release-1.10"],
];
s("versions of one class have an order", () => {
  for (const ladder of ladders) {
    for (const [i, a] of ladder.entries()) {
      for (const [j, b] of ladder.entries()) {
        assert.ok(comparable(read(a), read(b)), `${a} ${b}`);
        assert.is(Math.sign(compareVersions(read(a), read(b))), Math.sign(i - j), `${a} ${b}`);
        assert.is(isLower(read(a), read(b)), i < j, `${a} ${b}`);
      }
    }
  }
});

s("versions of different classes have none", () => {
  const rows: [string, string, string][] = [
    ["1.2.3", "v1.3.0", "prefix"],
    ["1.2.3", "1.3", "parts"],
    ["1.2.3", "1.3.0-alpine", "suffix"],
    ["1.2.3-alpine3.18", "1.2.3-alpine3.19", "suffix"],
    ["3", "20240923", "scheme"],
    ["20240101.1", "2.1", "scheme"],
  ];
  for (const [a, b, why] of rows) assert.is(difference(read(a), read(b)), why, `${a} ${b}`);
});

s("lower by the numbers, whatever the class", () => {
  for (const [a, b] of [["1.1-alpine", "v1.2.3"], ["v1.2.3", "1.3"], ["1.2.3-rc1-alpine", "1.2.3"]]) {
    assert.ok(isLower(read(a!), read(b!)), `${a} ${b}`);
    assert.not(isLower(read(b!), read(a!)), `${b} ${a}`);
  }
  for (const [a, b] of [["1.2", "1.2.3"], ["1.2.3", "v1.2.3"], ["3", "20240101"]]) {
    assert.not(isLower(read(a!), read(b!)) || isLower(read(b!), read(a!)), `${a} ${b}`);
  }
});

const number = fc.oneof(fc.nat({ max: 3 }), fc.nat());
const plain = fc.tuple(
  fc.tuple(number, number, number).map((numbers) => numbers.join(".")),
  fc.option(fc.tuple(fc.constantFrom("alpha", "beta", "rc"), fc.nat({ max: 12 })).map((parts) => parts.join("."))),
).map(([numbers, prerelease]) => prerelease ? `${numbers}-${prerelease}` : numbers);

s("the order of three-part versions is that of Semantic Versioning", () => {
  fc.assert(fc.property(plain, plain, (a, b) => {
    const [x, y] = [read(a), read(b)];
    fc.pre(comparable(x, y));
    assert.is(Math.sign(compareVersions(x, y)), semver.compare(a, b));
  }));
});

s("any text is read or refused", () => {
  const piece = fc.constantFrom("v", "1", "20240101", ".", "-", "_", "+", "rc", "a", "alpine", "release-", "0");
  const text = fc.oneof(fc.string(), fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join("")));
  fc.assert(fc.property(text, text, (a, b) => {
    const [x, y] = [parseVersion(a), parseVersion(b)];
    if (!x || !y) return;
    assert.is(Math.sign(compareVersions(x, y)) + Math.sign(compareVersions(y, x)), 0);
    assert.is(comparable(x, y), comparable(y, x));
    assert.not(isLower(x, y) && isLower(y, x));
  }));
});

s("hostile tags cost little", () => {
  for (const piece of ["1.", "-1", ".a", "-rc.", "0", "-"]) {
    parseVersion(`1.2.3-rc${piece.repeat(60)}`.slice(0, 127) + "~");
  }
});

s.run();
