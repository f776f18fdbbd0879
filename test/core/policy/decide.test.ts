import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decide, type PolicyInput } from "../../../core/policy/decide.ts";
import { explain } from "../../../core/policy/explain.ts";
import type { Policy } from "../../../core/policy/policies.ts";
import type { Candidate, VersionRef } from "../../../core/policy/policy.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("policy decision");
const sentence = sentencesOf(s, import.meta.url);
const [D1, D2] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];

/** `name`, or `glob pattern`. */
function policyOf(text: string): Policy {
  const [name, pattern] = text.split(" ") as [Policy["name"], string?];
  return pattern === undefined ? { name } : { name, pattern };
}

function input(
  policy: string,
  current: string | VersionRef,
  tags: (string | Candidate)[],
  complete = true,
): PolicyInput {
  const candidates = tags.map((tag) => typeof tag === "string" ? { tag } : tag);
  return {
    policy: policyOf(policy),
    current: typeof current === "string" ? { tag: current } : current,
    candidates,
    complete,
  };
}

/** policy, current tag, all tags, the wanted one */
const lists: [string, string, string, string?][] = [
  ["patch", "1.2.3", "1.2.2 1.2.3 1.2.4 1.2.10 1.3.0 2.0.0 1.2.11-rc.1 latest", "1.2.10"],
  ["minor", "1.2.3", "1.2.4 1.3.0 1.10.0 1.9.9 2.0.0 1.11.0-beta", "1.10.0"],
  ["major", "1.2.3", "1.2.4 1.3.0 2.0.0 10.0.0 9.9.9 11.0.0-alpha.1", "10.0.0"],
  ["patch", "1.2.3", "1.3.0 1.1.9"],
  ["minor", "2.0.0", "1.9.9 3.0.0 2.0.0"],
  ["major", "2.0.0", "1.9.9 2.0.0"],
  // number of parts
  ["patch", "1.2", "1.3 1.2.1 2.0"],
  ["minor", "1.2", "1.3 1.3.0 1.4.1 2.0 1", "1.3"],
  ["major", "1.2", "1.3 2.0 3 3.0.0", "2.0"],
  ["patch", "1", "2 1.1"],
  ["minor", "1", "2 1.1"],
  ["major", "1", "2 3 4.0 20240101", "3"],
  ["patch", "1.2.3.4", "1.2.3.5 1.2.4.0 1.3.0.0", "1.2.4.0"],
  ["major", "20240101", "20240201 20231231 3", "20240201"],
  // a variant stays
  ["minor", "1.2.3", "1.3.0-alpine"],
  ["minor", "1.2.3-alpine", "1.3.0"],
  ["minor", "1.2.3-alpine", "1.3.0 1.2.9-alpine 1.4.0-slim 1.3.0-alpine 1.5.0-alpine3.19", "1.3.0-alpine"],
  // a prefix stays
  ["minor", "v1.2.3", "1.4.0 v1.3.0 release-1.5.0", "v1.3.0"],
  ["minor", "1.2.3", "v1.4.0 1.3.0", "1.3.0"],
  ["minor", "release-1.2", "release-1.3 1.4 v1.5", "release-1.3"],
  // pre-releases
  ["major", "1.2.3", "2.0.0-rc.1 1.3.0-4"],
  ["patch", "1.2.3-rc.1", "1.2.3-rc.2 1.2.3-rc.10 1.3.0-rc.1", "1.2.3-rc.10"],
  ["patch", "1.2.3-rc.1", "1.2.3-rc.2 1.2.3 1.3.0", "1.2.3"],
  ["patch", "1.2.3-rc.1", "1.2.4-rc.1 1.2.3", "1.2.4-rc.1"],
  ["patch", "17-rc1", "17 18", "17"],
  ["minor", "1.2.3-rc.1-alpine", "1.2.3 1.2.3-alpine 1.3.0-rc.1", "1.2.3-alpine"],
  // nothing to start from
  ["major", "latest", "1.2.3 2.0.0"],
  ["major", "a1b2c3d", "1.2.3"],
  // no versions
  ["major", "1.2.3", `sha256-${"a".repeat(64)} sha256-${"a".repeat(64)}.sig latest a1b2c3d -bad`],
  // all
  ["all", "1.2.3", "1.2.4 2.0.0 3.0.0-rc.1 1.0.0 latest", "3.0.0-rc.1"],
  ["all", "2.0.0", "1.9.9 2.0.0 2.0.0-rc.1"],
  ["all", "1.2.3", "1.3.0-alpine v1.4.0 1.5 latest"],
  ["all", "latest", "1.2.3 main"],
  // glob
  ["glob v1.*", "v1.2.3", "v1.2.4 v2.0.0 v1.3.0-rc1 1.9.0 v1.1.0", "v1.2.4"],
  ["glob *", "1.2.3", "1.2.4 1.3.0 2.0.0-rc1 dev", "1.3.0"],
  ["glob *-alpine", "1.2-alpine", "1.3-alpine 1.4 1.1-alpine 1.3.1-alpine", "1.3-alpine"],
  ["glob main-*", "main-123", "main-99 main-124 main-1000 main-abc dev-2000", "main-1000"],
  ["glob main-*", "main-123", "main-99 main-122"],
  ["glob main-*", "main-abc", "main-def main-1"],
  ["glob 1.2.3-r*", "1.2.3-r9", "1.2.3-r10 1.2.3-r8", "1.2.3-r10"],
  ["glob build-[0-9]*", "build-0a", "build-1b"],
  ["glob 1.*", "2.0.0", "1.9.0 1.2.3"],
  ["glob 1.*", "1.2.3-rc.1", "1.2.3-rc.2 1.2.3-beta", "1.2.3-rc.2"],
  ["glob 1.2.4", "1.2.3", "1.2.4 1.2.5", "1.2.4"],
  ["glob v1.*", "latest", "v1.2.3"],
  ["glob {1,2}.*", "1.2.3", "1.2.4"],
  ["glob", "1.2.3", "1.2.4"],
  // none
  ["none", "1.2.3", "1.2.4 2.0.0"],
];
for (const [policy, current, tags, wanted] of lists) {
  s(`${policy}: ${current} among ${tags.slice(0, 80)}`, () => {
    const decision = decide(input(policy, current, tags.split(" ")));
    assert.is(decision.wanted?.tag, wanted, decision.message);
    assert.equal(decision.verdicts.map(({ candidate }) => candidate.tag), tags.split(" "));
    assert.equal(
      decision.verdicts.filter(({ taken }) => taken).map(({ candidate }) => candidate.tag),
      wanted ? [wanted] : [],
    );
  });
}

/** policy, current tag, seen tags from first to last, the wanted one */
const sightings: [string, string, string, string?][] = [
  ["minor", "1.2.3", "1.3.0", "1.3.0"],
  ["minor", "1.2.3", "1.4.0 1.3.0", "1.4.0"],
  ["minor", "1.2.3", "1.3.0-alpine"],
  ["minor", "latest", "1.3.0"],
  ["all", "1.2.3", "1.3.0-rc.1", "1.3.0-rc.1"],
  ["all", "1.2.3", "1.2.2"],
  ["all", "1.2.3", "1.2.3"],
  ["all", "1.2.3", "latest", "latest"],
  ["all", "1.2.3", "1.2.3-alpine", "1.2.3-alpine"],
  ["all", "1.2.3", "1.2.2-alpine"],
  ["all", "1.2.3", "v1.1"],
  ["all", "1.2.3", "v1.3", "v1.3"],
  ["all", "latest", "1.2.3", "1.2.3"],
  ["all", "latest", "latest"],
  ["all", "main-1", "main-3 main-2", "main-3"],
  ["all", "main-x", "main-z main-y", "main-y"],
  ["all", "1.2.3", "1.3.0 latest", "1.3.0"],
  ["all", "1.2.3", `sha256-${"a".repeat(64)}.sig`],
  ["glob main-*", "main-abc", "main-def", "main-def"],
  ["glob main-*", "latest", "main-1", "main-1"],
  ["glob main-*", "main-2", "main-1"],
  ["glob main-*", "main-2", "dev-3"],
  ["glob 1.2-*", "1.2-alpine3.19", "1.2-alpine3.20 1.2-edge", "1.2-alpine3.20"],
  ["glob 1.*", "latest", "1.3.0-rc1"],
  ["glob 1.*", "2.0.0", "1.9-alpine"],
  ["glob *", "1.2.3", "1.2.2"],
  ["none", "1.2.3", "1.2.4"],
];
for (const [policy, current, tags, wanted] of sightings) {
  s(`${policy}: ${current} sees ${tags.slice(0, 40)}`, () => {
    const decision = decide(input(policy, current, tags.split(" "), false));
    assert.is(decision.wanted?.tag, wanted, decision.message);
  });
}

s("force follows the digest of the tag that runs, and nothing else", () => {
  const rows: [VersionRef, Candidate, string][] = [
    [{ tag: "main", digest: D1 }, { tag: "main", digest: D2 }, "digest-moved"],
    [{ tag: "main" }, { tag: "main", digest: D2 }, "digest-pinned"],
    [{}, { tag: "latest", digest: D2 }, "digest-pinned"],
    [{ tag: "main", digest: D1 }, { tag: "main", digest: D1 }, "same"],
    [{ tag: "main", digest: D1 }, { tag: "main" }, "digest-unknown"],
    [{ tag: "main", digest: D1 }, { tag: "1.2.3", digest: D2 }, "not-followed"],
    [{ digest: D1 }, { tag: "latest", digest: D2 }, "current-untagged"],
    [{ tag: "main", digest: D1 }, { tag: "main", digest: "sha256:zz" }, "invalid-digest"],
  ];
  for (const [current, candidate, why] of rows) {
    const decision = decide(input("force", current, [candidate]));
    assert.is(decision.verdicts[0]!.why, why);
    assert.equal(decision.wanted, why.startsWith("digest-") && why !== "digest-unknown" ? candidate : undefined);
  }
});

s("a verdict says why not", () => {
  const tags = [
    "1.2.3",
    "1.2.2",
    "1.2.4",
    "1.2.5",
    "1.3.0",
    "1.2.6-rc.1",
    "1.2",
    "v1.2.4",
    "1.2.4-alpine",
    "latest",
    "-",
    `sha256-${D1.slice(7)}.att`,
  ];
  const asked = input("patch", "1.2.3", tags);
  const { verdicts, message } = decide(asked);
  assert.equal(verdicts.map(({ why }) => why), [
    ...[
      "same",
      "lower",
      "superseded-by-better",
      "higher",
      "beyond-policy",
      "prerelease",
      "other-parts",
      "other-prefix",
    ],
    ...["other-suffix", "not-a-version", "invalid-tag", "signature"],
  ]);
  sentence("higher", message);
  for (const verdict of verdicts) sentence(`why not: ${verdict.why}`, explain(verdict, asked));
});

s("a decision to do nothing says why", () => {
  const says = (what: string, ...of: Parameters<typeof input>) => sentence(what, decide(input(...of)).message);
  says("no tag to start from", "minor", {}, ["1.2.3", "1.3.0"]);
  says("one that is lower", "minor", "1.2.3", ["1.2.2"]);
  says("none of three", "minor", "1.2.3", ["1.2.2", "1.2.1", "dev"]);
  says("no tag", "minor", "1.2.3", []);
  says("no order", "all", "1.2.3", ["dev"]);
  says("policy none", "none", "1.2.3", ["dev"]);
});

s("of two ways to write a version the shorter is wanted", () => {
  for (const tags of [["1.03.0", "1.3.0"], ["1.3.0", "1.03.0"]]) {
    assert.is(decide(input("minor", "1.2.3", tags)).wanted?.tag, "1.3.0");
  }
});

s("the wanted version has the digest that it was seen with", () => {
  assert.equal(decide(input("minor", { tag: "1.2.3", digest: D1 }, [{ tag: "1.3.0", digest: D2 }])).wanted, {
    tag: "1.3.0",
    digest: D2,
  });
  assert.equal(decide(input("minor", { tag: "1.2.3", digest: D1 }, ["1.3.0"])).wanted, { tag: "1.3.0" });
});

s.run();
