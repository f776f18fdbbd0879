import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import semver from "semver";
import { parseVersion, type Version } from "../../../core/versions/version.ts";
import { comparable, compareVersions, difference, isLower } from "../../../core/versions/version_order.ts";
import { isSignatureTag } from "../../../core/versions/reference.ts";

const s = suite("version");
const read = (tag: string): Version => parseVersion(tag) ?? assert.unreachable(`${tag} is a version`) as never;

/** tag, prefix, numbers, pre-release, suffix, builds, commit */
const versions: [string, string, string, string, string, string?, string?][] = [
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
  ["1.2.3-debian-11-r5", "", "1.2.3", "", "debian-11", "5"],
  ["1.2.3-r0", "", "1.2.3", "", "", "0"],
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
  ["1.2.3-0.20240101.abcdef0", "", "1.2.3", "0 20240101", "", "", "abcdef0"],
  ["1.2.3-4", "", "1.2.3", "", "", "4"],
  ["1.2.3-rc.1-alpine", "", "1.2.3", "rc 1", "alpine"],
  ["3.13.0rc1-slim", "", "3.13.0", "rc 1", "slim"],
  ["3.13-rc-management-alpine", "", "3.13", "rc", "management-alpine"],
  ["1.2.3-alpine-rc1", "", "1.2.3", "", "alpine-rc1"],
  ["1.2.3-beta1x", "", "1.2.3", "", "beta1x"],
  ["20240101", "", "20240101", "", ""],
  ["1234567", "", "1234567", "", ""],
  ["2024-01-15", "", "20240115", "", ""],
  ["1.2.3.4.5", "", "1.2.3.4.5", "", ""],
  ["1.2.3.4.5-alpine", "", "1.2.3.4.5", "", "alpine"],
  ["vv1", "vv", "1", "", ""],
  ["version1", "version", "1", "", ""],
  // words before the version, some with a version of their own
  ["version-3.0.3.624", "version-", "3.0.3.624", "", ""],
  ["psmdb-3.6.8", "psmdb-", "3.6.8", "", ""],
  ["boot-2.7.1-slim", "boot-", "2.7.1", "", "slim"],
  ["jdk-21.0.2_13", "jdk-", "21.0.2", "", "", "13"],
  ["pg16-v0.7.0", "pg16-v", "0.7.0", "", ""],
  ["arm64v8-1.2.3", "arm64v8-", "1.2.3", "", ""],
  ["x86_64-1.2.3", "x86_64-", "1.2.3", "", ""],
  ["alpine3.19-1.2.3", "alpine3.19-", "1.2.3", "", ""],
  ["ubuntu-22.04-1.2.3", "ubuntu-22.04-", "1.2.3", "", ""],
  ["temurin-17-lein-2.9.8-focal", "temurin-17-lein-", "2.9.8", "", "focal"],
  ["temurin-17-alpine-3.20", "temurin-", "17", "", "alpine-3.20"],
  ["php8.1-fpm-alpine3.15", "php", "8.1", "", "fpm-alpine3.15"],
  ["v1-slim-1.2.3", "v", "1", "", "slim", "1.2.3"],
  ["beta-5.8-RC3-php7.4", "beta-", "5.8", "rc 3", "php7.4"],
  ["main-123", "main-", "123", "", ""],
  ["r1234", "r", "1234", "", ""],
  ["lts-20240101-alpine", "lts-", "20240101", "", "alpine"],
  // builds
  ["8.10-1052", "", "8.10", "", "", "1052"],
  ["3.4.0-1773428606", "", "3.4.0", "", "", "1773428606"],
  ["9.4-1227.1726694542", "", "9.4", "", "", "1227.1726694542"],
  ["17.0.3_7-jdk-alpine", "", "17.0.3", "", "jdk-alpine", "7"],
  ["9.0.1-11-jre-sid", "", "9.0.1", "", "jre-sid", "11"],
  ["1.10_2", "", "1.10", "", "", "2"],
  ["3.0.3.624-ls135", "", "3.0.3.624", "", "", "135"],
  ["1.0.1-build.7", "", "1.0.1", "", "", "7"],
  ["2.0.0-p247", "", "2.0.0", "", "", "247"],
  ["9.6p1", "", "9.6", "", "", "1"],
  ["9-b149-jdk", "", "9", "", "jdk", "149"],
  ["8u302-b08", "", "8.302", "", "", "8"],
  ["7u91-jre", "", "7.91", "", "jre"],
  ["16.1.0-ce.0", "", "16.1.0", "", "ce", "0"],
  ["1.21.4-gke.1302", "", "1.21.4", "", "gke", "1302"],
  ["v1.2.3-eks-1-29-5", "v", "1.2.3", "", "eks-1", "29.5"],
  ["1.2.3-debian-1.0", "", "1.2.3", "", "debian", "1.0"],
  ["1.2.3-debian-12-r3-amd64", "", "1.2.3", "", "debian-12-amd64", "3"],
  ["1.2.3-alpine-3.19", "", "1.2.3", "", "alpine-3.19"],
  ["1.2.3-php-8.1", "", "1.2.3", "", "php-8.1"],
  ["1.2.3-otp-21-alpine", "", "1.2.3", "", "otp-21-alpine"],
  ["1.2.3-windowsservercore-1809", "", "1.2.3", "", "windowsservercore-1809"],
  ["1.2.3-alpine-20240101", "", "1.2.3", "", "alpine", "20240101"],
  ["17.0-20240711", "", "17.0", "", "", "20240711"],
  ["1.2.3-2023-06-30T06-44-06Z", "", "1.2.3", "", "", "20230630064406"],
  // dates
  ["RELEASE.2023-06-30T06-44-06Z", "RELEASE.", "20230630064406", "", ""],
  ["RELEASE.2023-06-30T06-44-06Z.fips", "RELEASE.", "20230630064406", "", ".fips"],
  ["20240115T093000Z", "", "20240115093000", "", ""],
  ["2024.1.0", "", "2024.1.0", "", ""],
  // commits
  ["main-1234567-1769300001", "main-#-", "1769300001", "", "", "", "1234567"],
  ["main-abcdef0-1769300009", "main-#-", "1769300009", "", "", "", "abcdef0"],
  ["nightly-20240101-abcdef0", "nightly-", "20240101", "", "", "", "abcdef0"],
  ["b1234-a1b2c3d", "b", "1234", "", "", "", "a1b2c3d"],
  ["1.2.3-5-gabcdef0", "", "1.2.3", "", "", "5", "gabcdef0"],
  ["1.2.3-a1b2c3d-alpine", "", "1.2.3", "", "alpine", "", "a1b2c3d"],
  ["1.2.3-alpine-a1b2c3d", "", "1.2.3", "", "alpine", "", "a1b2c3d"],
  ["1.3.0-dev-a1b2c3d", "", "1.3.0", "dev", "", "", "a1b2c3d"],
  ["v1.2.4-0.20191109021931-daa7c04131f5", "v", "1.2.4", "0 20191109021931", "", "", "daa7c04131f5"],
  // pre-releases
  ["10-ea-32-jdk", "", "10", "ea 32", "jdk"],
  ["9.0.100-preview.1-alpine3.19", "", "9.0.100", "preview 1", "alpine3.19"],
  ["3.11.0rc1-slim-bullseye", "", "3.11.0", "rc 1", "slim-bullseye"],
  ["24.0-rc1.0-slim", "", "24.0", "rc 1 0", "slim"],
  ["6.0.0.CR1", "", "6.0.0", "cr 1", ".Final"],
  ["1.2.3+build.5", "", "1.2.3", "", ""],
];
for (const [tag, prefix, numbers, prerelease, suffix, builds = "", commit = ""] of versions) {
  s(`reads ${tag}`, () => {
    const version = read(tag);
    const parts = [version.prefix, version.numbers.join("."), version.prerelease.join(" "), version.suffix];
    assert.equal([...parts, version.builds.join("."), version.hash], [
      ...[prefix, numbers, prerelease, suffix],
      ...[builds, commit],
    ]);
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
      "1.2.3.4.5.6.7.8.9",
      "main-a1b2c3d",
      "sha-1234567",
      "lts-alpine",
    ],
    ...["v", "1.2.3alpine", "1e10", "-1", "1 2", "1/2", "1\n", "sha-a1b2c3d", "1".repeat(129)],
    ...["edge", "build-0a"],
    `sha256-${"a".repeat(64)}`,
  ]
) s(`${JSON.stringify(tag.slice(0, 40))} is no version`, () => assert.is(parseVersion(tag), undefined));

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
  ["1", "2", "9", "10"],
  ["18446744073709551616", "18446744073709551617"],
  ["1.9", "1.10", "1.18446744073709551616", "1.18446744073709551617", "2.0"],
  ["999999", "1000000"],
  ["1.2", "1.10", "2.0"],
  ["1.2.3-alpha", "1.2.3-alpha.1", "1.2.3-alpha2", "1.2.3-alpha.beta", "1.2.3-beta", "1.2.3-beta.11", "1.2.3-rc1"],
  ["1.2.3-rc.2", "1.2.3-rc10", "1.2.3", "1.2.4-alpha", "1.2.4"],
  ["v1.2.3-alpine", "v1.2.4-alpine", "v1.10.0-alpine"],
  ["20231231", "20240101", "20240101120000"],
  ["2024-01-15", "2024-02-01", "2025-01-01"],
  ["RELEASE.2021-07-08T19-43-25Z", "RELEASE.2023-06-30T06-44-06Z", "RELEASE.2023-07-01T00-00-00Z"],
  ["23.0.4-0", "23.0.4-1", "23.0.5-0", "23.0.10-0"],
  ["8.9-1028", "8.9-1029", "8.10-1", "8.10-1052"],
  ["8u91", "8u302", "11u1"],
  ["3.4.6-debian-9-r24", "3.4.7-debian-9-r1", "3.4.7-debian-9-r10"],
  ["main-abcdef0-1769300000", "main-1234567-1769300001", "main-0000000-1769300009"],
  ["1.2.3-9-gabcdef0", "1.2.3-10-g0123456", "1.2.4-1-gabcdef0"],
  ["6.0.0.Beta2", "6.0.0.CR1", "6.0.0.Final", "6.0.1.Final"],
  ["4.0.0-beta.9", "4.0.0-beta.10", "4.0.0-rc.1", "4.0.0"],
  ["1.3.0-dev-a1b2c3d", "1.3.0-dev.1-0123abc", "1.3.0"],
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
    ["1.2.3-alpine-3.18", "1.2.3-alpine-3.19", "suffix"],
    ["8.9-1028", "8.10", "build"],
    ["1.2.3-4", "1.2.3_4", "build"],
    ["1.2.3-1", "1.2.3-r1", "build"],
    ["1.2.3-a1b2c3d", "1.2.4", "build"],
    ["8u302", "8.302", "parts"],
    ["ltsc2019", "ltsc2022", "named"],
    ["jdk17-slim", "jdk21-slim", "named"],
    ["3", "1234567", "scheme"],
    ["main-12", "main-1234567", "scheme"],
    ["3", "20240923", "scheme"],
    ["20240101.1", "2.1", "scheme"],
    ["1234567", "1234", "scheme"],
    ["main-1234567", "main-1234", "scheme"],
  ];
  for (const [a, b, why] of rows) assert.is(difference(read(a), read(b)), why, `${a} ${b}`);
  for (const [a, b] of [["1234567", "12345"], ["123456", "123"], ["main-1234567", "main-12345"]]) {
    assert.is(difference(read(a!), read(b!)), undefined, `${a} ${b}`);
  }
});

s("lower by the numbers, whatever the class", () => {
  const lower = [
    ["1.1-alpine", "v1.2.3"],
    ["v1.2.3", "1.3"],
    ["1.2.3-rc1-alpine", "1.2.3"],
    ["3", "1234567"],
    ["1.0-php8.1", "1.0-php8.2"],
    ["jdk16-temurin", "jdk17-temurin"],
    ["7-jdk8", "7-jdk11"],
    ["boot-2.7.1", "lein-2.9"],
  ];
  for (const [a, b] of lower) {
    assert.ok(isLower(read(a!), read(b!)), `${a} ${b}`);
    assert.not(isLower(read(b!), read(a!)), `${b} ${a}`);
  }
  for (
    const [a, b] of [["1.2", "1.2.3"], ["1.2.3", "v1.2.3"], ["3", "20240101"], ["dev-3", "main-7"], [
      "1.2-rc1",
      "1.2.0",
    ], ["1.2.3", "1.2.3-4"]]
  ) {
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
  const piece = fc.constantFrom(
    ...["v", "1", "20240101", ".", "-", "_", "+", "rc", "a", "alpine", "release-", "0"],
    ...["a1b2c3d", "1234567", "1769300001", "2024-01-15", "u", "b0", "-r", "debian-", "T06-44-06Z"],
  );
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
  for (const piece of ["1.", "-1", ".a", "-rc.", "0", "-", "a-", "1-v1.", "a1b2c3d-", "-r1", "-2024-01-15", "a"]) {
    parseVersion(`${piece.repeat(60)}`.slice(0, 127) + "~");
    parseVersion(`a-${piece.repeat(60)}`.slice(0, 128));
    parseVersion(`1.2.3-rc${piece.repeat(60)}`.slice(0, 127) + "~");
  }
});

s.run();
