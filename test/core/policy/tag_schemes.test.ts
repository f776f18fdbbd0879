import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decide, type PolicyInput } from "../../../core/policy/decide.ts";
import { explain } from "../../../core/policy/explain.ts";
import type { Policy } from "../../../core/policy/policies.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("policies on the ways in which tags are written");
const sentence = sentencesOf(s, import.meta.url);

/** `name`, or `glob pattern`. */
function policyOf(text: string): Policy {
  const [name, pattern] = text.split(" ") as [Policy["name"], string?];
  return pattern === undefined ? { name } : { name, pattern };
}

const asked = (policy: string, tag: string, tags: string, complete: boolean): PolicyInput => ({
  policy: policyOf(policy),
  current: { tag },
  candidates: tags.split(" ").map((tag) => ({ tag })),
  complete,
});

/** What is the same by each of some policies, of a list in any order: policies, what runs, the list, what is wanted. */
const lists: [policies: string[], running: string, list: string, wanted?: string][] = [
  // a commit's hash tells no order, also where it is made of digits alone
  [["glob sha-*", "all", "major"], "sha-1234567", "sha-1234567 sha-a1b2c3d sha-8888888"],
  [["glob sha-*", "all", "major"], "sha-a1b2c3d", "sha-a1b2c3d sha-1234567 sha-8888888"],
  [["glob main-*", "all", "major"], "main-1234567", "main-1234567 main-a1b2c3d main-8888888"],
  [["glob main-*", "all", "major"], "main-a1b2c3d", "main-a1b2c3d main-8888888 main-0000001"],
  [["glob *", "all", "major"], "1234567", "1234567 8239712 a1b2c3d"],
  [["glob *", "all", "major"], "a1b2c3d", "1234567 8239712 a1b2c3d"],
  [
    ["glob git-*", "all"],
    "git-1234567890123456789012345678901234567890",
    "git-2234567890123456789012345678901234567890",
  ],
  [["patch", "glob *", "all"], "1.2.3-a1b2c3d", "1.2.3-a1b2c3d 1.2.3-0abcdef 1.2.3-9999999"],
  [["patch", "glob *", "all"], "1.2.3-a1b2c3d", "1.2.3-0abcdef 1.2.4-0000001 1.2.4", "1.2.4-0000001"],
  [["patch", "glob *", "all"], "1.2.3-1234567", "1.2.3-0abcdef 1.2.3-2345678"],
  [
    ["glob main-*", "all", "major"],
    "main-1234567-1769300001",
    "main-1234567-1769300001 main-2345678-1769300000 main-abcdef0-1769300009",
    "main-abcdef0-1769300009",
  ],
  [
    ["glob *", "all", "major"],
    "20240101-1234567",
    "20240102-a1b2c3d 20240103-7654321 20231231-9999999",
    "20240103-7654321",
  ],
  [
    ["major", "all", "glob *"],
    "nightly-20240101-abcdef0",
    "nightly-20240102-0123abc nightly-20231231-fffffff",
    "nightly-20240102-0123abc",
  ],
  [["major", "all", "glob *"], "v1.2.3-5-gabcdef0", "v1.2.3-9-g0123456 v1.2.3-4-gfffffff v1.2.3", "v1.2.3-9-g0123456"],
  [["patch", "all", "glob *"], "1.0.5.a1b2c3d", "1.0.6.3f2a1bc 1.0.4.abcdef0 1.0.7.1234567", "1.0.7.1234567"],
  [["patch", "all", "glob *"], "1.0.5.1234567", "1.0.6.3f2a1bc 1.0.4.9999999", "1.0.6.3f2a1bc"],
  [["patch", "all", "glob *"], "1.2.20240101a1", "1.2.20240102a1 1.2.20231231a9", "1.2.20240102a1"],
  // what a list says of hashes without letters is not known any more when one of them is applied: it is no step down then
  [["major", "all", "glob main-*"], "main-8632984-3", "main-a1b2c3d-5 main-0350040-9 main-0350041-8", "main-a1b2c3d-5"],
  [["major", "all", "glob main-*"], "main-8632984-3", "main-a1b2c3d-2 main-0350040-9"],
  [["major", "all", "glob *"], "3047497.2", "8073684.1 a1b2c3d.3", "a1b2c3d.3"],
  // a lone run of digits as long as a hash is no version beside short ones
  [["major", "all", "glob *"], "3", "3 4 1234567 8239712", "4"],
  [["major", "all"], "3-alpine", "4-alpine 1234567-alpine 8239712-alpine", "4-alpine"],
  [["major", "all", "glob main-*"], "main-12", "main-13 main-1234567", "main-13"],
  // but such numbers move among themselves
  [["major", "all", "glob *"], "20240101", "20240101 20240201 20231231 3 1234567", "20240201"],
  [["major", "all", "glob *"], "1769300001", "1769300001 1769300009 1769300000", "1769300009"],
  [["major", "all", "glob build-*"], "build-999999", "build-1000000 build-5", "build-1000000"],
  [["major", "all", "glob main-*"], "main-1234567", "main-1234568 main-1234566", "main-1234568"],
  // dates
  [
    ["major", "all", "glob RELEASE.*Z"],
    "RELEASE.2023-06-30T06-44-06Z",
    "RELEASE.2021-07-08T19-43-25Z RELEASE.2023-06-30T06-44-06Z RELEASE.2024-01-11T07-46-16Z RELEASE.2023-12-31T00-00-00Z " +
    "RELEASE.2025-01-01T00-00-00Z.fips",
    "RELEASE.2024-01-11T07-46-16Z",
  ],
  [["major", "all", "glob *"], "2024-01-15", "2024-02-01 2023-12-31 2024 20240301", "2024-02-01"],
  [["major", "all", "glob *"], "2023-06-30", "2021-07-08T19-43-25Z 2023-07-01", "2023-07-01"],
  [["major", "all", "glob *"], "20240601", "202401011200 20240602", "20240602"],
  [["patch", "all", "glob *"], "1.2.3-20240601", "1.2.3-202401011200"],
  [["patch", "all", "glob *"], "1.2.3-dev.20240601", "1.2.3-dev.202401011200"],
  [["patch", "all", "glob *"], "1.0.20240601", "1.0.202401011200 1.0.20240602", "1.0.20240602"],
  [["major", "all", "glob stable-*"], "stable-20240101", "stable-20240601 stable-20231201 stable", "stable-20240601"],
  [["minor", "all", "glob *"], "2024.1.0", "2024.1.1 2024.2.0 2023.12.9", "2024.2.0"],
  // nobody knows each word that has a version of its own: what stands behind one is never taken for a later build
  [["patch", "major", "all", "glob *"], "1.2.3-mariner-2.0", "1.2.3-mariner-3.0 1.2.4-mariner-3.0"],
  [["patch", "major", "all", "glob *"], "1.2.3-kafka-3.5", "1.2.3-kafka-3.6 1.2.4-kafka-3.5", "1.2.4-kafka-3.5"],
  [
    ["patch", "major", "all", "glob *"],
    "1.2.3-ubuntu-22",
    "1.2.3-ubuntu-24 1.2.4-ubuntu-24 1.2.4-ubuntu-22",
    "1.2.4-ubuntu-22",
  ],
  [["patch", "major", "all"], "1.2.3-ubuntu-2204", "1.2.4-ubuntu-2404"],
  [["patch", "major", "all"], "1.2.3-onbuild-1.0", "1.2.3-onbuild-1.1", "1.2.3-onbuild-1.1"],
  // builds: none of pre-release and moving tag
  [["minor", "all", "glob *"], "3.0.3.624-ls135", "3.0.3.668-ls137 3.0.3.668 3.0.3.624-ls136", "3.0.3.668-ls137"],
  [
    ["minor", "patch", "all"],
    "17.0.3_7-jdk-alpine",
    "17.0.5_8-jdk-alpine 17.0.5-jdk-alpine 17.0.5_8-jre-alpine",
    "17.0.5_8-jdk-alpine",
  ],
  [["minor", "patch", "all"], "1.0.1-build.7", "1.0.1-build.8 1.0.1-build.20 1.0.1", "1.0.1-build.20"],
  [["minor", "patch", "all"], "3.4.6-debian-9-r24", "3.4.7-debian-9-r1 3.4.7-debian-10-r1 3.4.7", "3.4.7-debian-9-r1"],
  [["minor", "patch"], "3.4.0-1773428606", "3.4.0-1773500000 3.4.0-ea.2-1780000000", "3.4.0-1773500000"],
  [["patch", "minor", "all"], "23.0.4-0", "23.0.4 23.0.5 23.0.5-0", "23.0.5-0"],
  [["minor", "all", "glob *"], "8.9-1028", "8.9-1029 8.10 8.10-1052", "8.10-1052"],
  [["minor"], "8.9-1028", "8.9-1029 8.10", "8.9-1029"],
  [["patch", "minor", "major"], "8.9", "8.9-1029 8.10-1052 9.1-1"],
  [["minor", "all"], "9.4-1227.1726694542", "9.4-1227.1726694543 9.5-1", "9.4-1227.1726694543"],
  [["patch", "minor", "all"], "16.1.0-ce.0", "16.1.1-ce.0 16.1.1-ee.0 16.1.1", "16.1.1-ce.0"],
  [["patch", "minor", "all"], "1.21.4-gke.1", "1.21.5-gke.1302 1.21.5", "1.21.5-gke.1302"],
  [["minor", "all"], "1.10_2", "1.10_3 1.11_1 1.11", "1.11_1"],
  [
    ["patch", "all"],
    "v1.16.1-debian-1.0",
    "v1.16.1-debian-1.1 v1.16.2-debian-1.0 v1.16.2-debian-arm64-1.0",
    "v1.16.2-debian-1.0",
  ],
  [["minor", "all"], "17.0-20240711", "17.0-20240801 17.0-20240601 17.0", "17.0-20240801"],
  [["patch", "all"], "v1.2.3-eks-1-29-5", "v1.2.4-eks-1-29-7 v1.2.4", "v1.2.4-eks-1-29-7"],
  // Java
  [["minor", "major", "all", "glob *"], "8u302-b08", "8u302 8u312-b07 8u302-b09 8u312", "8u312-b07"],
  [["minor", "major", "all", "glob *"], "7u91-jdk", "7u91 7u95-jdk 8u1 7-jdk 7u95-jre", "7u95-jdk"],
  [["minor", "all"], "jdk-21.0.2_13", "jdk-21.0.3_9 jre-21.0.4_7 21.0.4_7", "jdk-21.0.3_9"],
  [["patch", "minor", "all"], "open-17.0.1_12-jdk", "open-17.0.2_8-jdk semeru-17.0.3_7-jdk", "open-17.0.2_8-jdk"],
  // words before the version
  [["patch", "minor", "all"], "psmdb-3.6.8", "psmdb-3.6.9 ps-3.6.10 3.6.11", "psmdb-3.6.9"],
  [["patch", "minor", "all"], "ee-6.2.0.3", "ee-6.2.0.4 ce-6.2.0.5 6.2.0.6", "ee-6.2.0.4"],
  [["patch", "minor", "all"], "version-1.2.3", "version-1.2.4 1.2.5 v1.2.5", "version-1.2.4"],
  [["patch", "minor", "all"], "pg16-v0.7.0", "pg16-v0.7.1 pg17-v0.7.2 pg16", "pg16-v0.7.1"],
  [["patch", "minor"], "arm64v8-1.2.3", "arm64v8-1.2.4 amd64-1.2.5 1.2.5", "arm64v8-1.2.4"],
  [
    ["patch"],
    "temurin-17-lein-2.9.8",
    "temurin-17-lein-2.9.9 temurin-21-lein-2.9.9 temurin-21",
    "temurin-17-lein-2.9.9",
  ],
  [["major", "all", "glob *"], "r1234", "r1235 r999 r1235-dev", "r1235"],
  [["major", "all", "glob *"], "b1234-a1b2c3d", "b1235-0123abc b1233-fffffff", "b1235-0123abc"],
  // a variant and the versions of its own words stay
  [["minor", "all"], "1.2.3-alpine3.19", "1.2.4-alpine3.19 1.2.5-alpine3.20 1.2.5-alpine", "1.2.4-alpine3.19"],
  [["minor", "all"], "1.2.3-alpine-3.19", "1.2.4-alpine-3.19 1.2.5-alpine-3.20", "1.2.4-alpine-3.19"],
  [["minor", "all"], "1.2.3-ubuntu-22.04", "1.2.4-ubuntu-22.04 1.2.5-ubuntu-24.04", "1.2.4-ubuntu-22.04"],
  [["minor", "all"], "2.7.18-slim-bullseye", "2.7.19-slim-bullseye 2.7.20-slim-bookworm", "2.7.19-slim-bullseye"],
  [
    ["minor"],
    "3.8.4-eclipse-temurin-11",
    "3.8.5-eclipse-temurin-11 3.8.6-eclipse-temurin-17",
    "3.8.5-eclipse-temurin-11",
  ],
  [["patch"], "5.2.5-python39", "5.2.5-python38 5.2.6-python39", "5.2.6-python39"],
  [
    ["patch"],
    "9.0.31-jdk11-openjdk-slim",
    "9.0.64-jdk11-openjdk-slim 9.0.65-jdk17-openjdk-slim",
    "9.0.64-jdk11-openjdk-slim",
  ],
  [["patch", "minor", "major"], "22-alpine3.19", "22-alpine3.20 22.1-alpine3.19"],
  [["patch", "minor", "major"], "windowsservercore-ltsc2019", "windowsservercore-ltsc2022"],
  [
    ["glob windowsservercore-ltsc*"],
    "windowsservercore-ltsc2019",
    "windowsservercore-ltsc2022",
    "windowsservercore-ltsc2022",
  ],
  [["patch", "minor", "major", "all"], "lts-alpine", "lts-alpine lts-slim 22-alpine"],
  [["patch", "minor", "major"], "jdk17", "jdk21"],
  // pre-releases
  [["minor", "major"], "4.0.0-beta.9", "4.0.0-beta.10 4.0.0-beta.8 4.0.0-alpha.11", "4.0.0-beta.10"],
  [
    ["minor"],
    "9.0.100-preview.1-alpine3.19",
    "9.0.100-preview.2-alpine3.19 9.0.100-preview.3-alpine3.20",
    "9.0.100-preview.2-alpine3.19",
  ],
  [["minor"], "9.0.100-preview.1-alpine3.19", "9.0.100-alpine3.19 9.0.100-preview.2-alpine3.19", "9.0.100-alpine3.19"],
  [["minor"], "3.11.0rc1-slim", "3.11.0rc2-slim 3.11.0-slim 3.11.1-alpine", "3.11.0-slim"],
  [["patch"], "6.0.0.CR1", "6.0.0.Final 6.0.0.CR2 6.0.0", "6.0.0.Final"],
  [["patch"], "2.0.0.Final", "2.0.1.Final 2.0.2.CR1 2.0.2", "2.0.1.Final"],
  [["minor"], "10-ea-31-jdk", "10-ea-32-jdk 10-ea-33 11-ea-1-jdk", "10-ea-32-jdk"],
  [["major"], "1.2.3", "1.2.4-1 1.2.4_1 1.2.4-r1 1.2.4-a1b2c3d 1.2.4p1"],
  [["minor"], "v1.2.4-0.20191109021931-daa7c04131f5", "v1.2.4 v1.2.4-0.20191110000000-0123456789ab", "v1.2.4"],
];
for (const [policies, running, list, wanted] of lists) {
  for (const policy of policies) {
    s(`${policy}: ${running} among ${list.slice(0, 90)}`, () => {
      const [input, turned] = [list, list.split(" ").reverse().join(" ")].map((tags) =>
        asked(policy, running, tags, true)
      );
      const decision = decide(input!);
      assert.is(decision.wanted?.tag, wanted, decision.message);
      assert.is(decide(turned!).wanted?.tag, wanted, "in any order");
      if (wanted) assert.is(decide(asked(policy, running, wanted, false)).wanted?.tag, wanted, "told of by a webhook");
    });
  }
}

/** Nothing of these is ever taken when a webhook names it. */
const older: [policies: string[], running: string, named: string][] = [
  [["glob RELEASE.*Z", "all", "major"], "RELEASE.2023-06-30T06-44-06Z", "RELEASE.2021-07-08T19-43-25Z"],
  [["glob main-*", "all"], "main-1234567-1769300001", "main-2345678-1769300000"],
  [["all", "glob *"], "8u312-b07", "8u302-b08"],
  [["all", "glob *"], "7u95", "7u91"],
  [["all", "glob *"], "17.0.5_8-jdk", "17.0.3_7-jdk"],
  [["all", "glob *"], "8.10-1052", "8.9-1029"],
  [["all", "glob *"], "8.10-1052", "8.10-1051"],
  [["all", "glob *"], "psmdb-3.6.9", "psmdb-3.6.8"],
  [["all", "glob *"], "pg16-v0.7.1", "pg16-v0.7.0"],
  [["all", "glob *"], "jdk17-temurin", "jdk16-temurin"],
  [["all", "glob *"], "6-jdk17", "6-jdk11"],
  [["all", "glob *"], "1.2.3-debian-1.1", "1.2.3-debian-1.0"],
  [["all", "glob *"], "3.4.7-debian-9-r1", "3.4.6-debian-10-r24"],
  [["all", "glob *"], "2024-02-01", "2024-01-15"],
  [["all", "glob *"], "1.2.3-5-gabcdef0", "1.2.3-4-gfffffff"],
];
for (const [policies, running, named] of older) {
  for (const policy of policies) {
    s(`${policy}: ${running} is not stepped down to ${named}`, () => {
      for (const complete of [true, false]) {
        const { wanted, verdicts } = decide(asked(policy, running, named, complete));
        assert.is(wanted, undefined);
        assert.is(verdicts[0]!.why, "lower");
      }
    });
  }
}

s("what has no order and was just pushed is taken by all and glob", () => {
  const rows: [string, string][] = [
    ["sha-1234567", "sha-8888888"],
    ["main-a1b2c3d", "main-1234567"],
    ["1.2.3-a1b2c3d", "1.2.3-0abcdef"],
    ["main-7", "dev-3"],
    ["3", "20240101"],
  ];
  for (const [running, named] of rows) {
    for (const policy of ["all", "glob *"]) {
      assert.is(decide(asked(policy, running, named, false)).wanted?.tag, named, `${policy}: ${running} ${named}`);
    }
  }
});

/** What people read. */
const sentences: [policy: string, running: string, tag: string][] = [
  ["minor", "1.2.3", "1.3.0-alpine"],
  ["minor", "8.9-1028", "8.10"],
  ["glob sha-*", "sha-1234567", "sha-8888888"],
  ["patch", "1.2.3-a1b2c3d", "1.2.3-0abcdef"],
  ["major", "a1b2c3d", "1.2.3"],
  ["major", "3", "1234567"],
  ["glob RELEASE.*Z", "RELEASE.2023-06-30T06-44-06Z", "RELEASE.2021-07-08T19-43-25Z"],
  ["major", "jdk17", "jdk21"],
];
for (const [policy, running, tag] of sentences) {
  s(`why ${policy} does not take ${tag} where ${running} runs`, () => {
    const input = asked(policy, running, tag, true);
    const { verdicts, message } = decide(input);
    assert.is(explain(verdicts[0]!, input), message);
    sentence(`${policy}: ${tag} where ${running} runs`, message);
  });
}

s("of a list, what was left is counted in plain words", () => {
  const tags = "8.10 8.8-1 8.9-1028 8.9-a1b2c3d v9.1-1 latest sha-1234567";
  sentence("none of seven", decide(asked("minor", "8.9-1028", tags, true)).message);
  sentence("none of two dates", decide(asked("major", "20240201", "20240101 20231231", true)).message);
});

s.run();
