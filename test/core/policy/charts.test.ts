import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decide, type PolicyInput, type PolicyResult } from "../../../core/policy/decide.ts";
import { explain } from "../../../core/policy/explain.ts";
import type { Policy, PolicyName } from "../../../core/policy/policies.ts";
import type { Candidate } from "../../../core/policy/policy.ts";

const s = suite("policies on versions of charts");

/** `6.3.0!` is deprecated. */
const candidate = (text: string): Candidate =>
  text.endsWith("!") ? { tag: text.slice(0, -1), deprecated: true } : { tag: text };
function ask(policy: PolicyName | Policy, current: string, versions: string, complete = true): PolicyInput {
  return {
    policy: typeof policy === "string" ? { name: policy } : policy,
    type: "chart",
    current: { tag: current },
    candidates: versions.split(" ").filter((text) => text !== "").map(candidate),
    complete,
  };
}
const wanted = (...given: Parameters<typeof ask>) => decide(ask(...given)).wanted?.tag;
const six: Policy = { name: "glob", pattern: "6.*" };

/** policy, current, versions, wanted (none: nothing) */
const rows: [PolicyName | Policy, string, string, string?][] = [
  ["patch", "6.3.0", "6.3.1 6.4.0 7.0.0 6.2.9", "6.3.1"],
  ["minor", "6.3.0", "6.3.1 6.4.0 7.0.0 6.2.9", "6.4.0"],
  ["major", "6.3.0", "6.3.1 6.4.0 7.0.0 6.2.9", "7.0.0"],
  ["all", "6.3.0", "6.3.1 7.0.0-rc.1", "7.0.0-rc.1"],
  [six, "6.3.0", "6.3.1 6.4.0 7.0.0 6.2.9", "6.4.0"],
  ["none", "6.3.0", "6.3.1 6.4.0 7.0.0"],
  ["force", "6.3.0", "6.3.0 6.3.1 7.0.0"],
  ["force", "^6.1", "6.3.0 7.0.0"],
  ["major", "6.3.0", ""],
  // a `v` means nothing; of fewer than three numbers it is a range, and with leading zeros nothing
  ["minor", "v6.3.0", "6.4.0", "6.4.0"],
  ["minor", "6.3.0", "v6.4.0", "v6.4.0"],
  ["minor", "6.3.0", "v6.3.0 6.3"],
  ["minor", "6.3.0", "6.4 6.4.00 06.4.0"],
  ["minor", "1.2.0", "1.2.0 1.3.0 1.3 1 latest", "1.3.0"],
  ["all", "1.2345.66", "1.2345.66 1.2345.0067"],
  // what follows a hyphen is a pre-release, whatever it says
  ["major", "6.3.0", "6.4.0-alpine 6.4.0-1 7.0.0-rc.1"],
  ["major", "6.3.0-rc.1", "6.3.0-rc.2 6.3.0-alpha 6.2.0", "6.3.0-rc.2"],
  ["patch", "6.3.0-rc.1", "6.3.0-rc.2 6.3.0", "6.3.0"],
  ["minor", "6.3.0-Beta", "6.3.0-alpha", "6.3.0-alpha"],
  [six, "6.3.0", "6.4.0-rc.1"],
  [six, "6.4.0-rc.1", "6.4.0-rc.2", "6.4.0-rc.2"],
  // build metadata is the same version
  ["major", "6.3.0", "6.3.0+1 6.3.0+zz"],
  ["major", "6.3.0+2", "6.3.0 6.3.0+1 6.3.0+3"],
  ["all", "6.3.0+2", "6.3.0 6.3.0+1 6.3.0+3"],
  [six, "6.3.0+2", "6.3.0 6.3.0+1 6.3.0+3"],
  ["major", "6.3.0+2", "6.4.0+1 6.4.0 6.4.0+2", "6.4.0"],
  ["major", "6.3.0", "6.4.0+1 6.4.0+2", "6.4.0+1"],
  ["patch", "6.3.0", "6.3.1+build.7", "6.3.1+build.7"],
  // deprecated: by `all` only
  ["major", "6.3.0", "6.4.0 6.5.0!", "6.4.0"],
  ["major", "6.3.0", "6.5.0!"],
  ["major", "^6.1", "7.0.0!"],
  [six, "6.3.0", "6.5.0!"],
  ["all", "6.3.0", "6.4.0 6.5.0!", "6.5.0"],
  // duplicates, and what is none
  ["minor", "6.3.0", "6.4.0 6.4.0 6.3.0", "6.4.0"],
  ["minor", "6.3.0", "latest 6.4.0.1 6.5 6.5.0 x 6.4.0_1 ☃ 6.x", "6.5.0"],
  ["all", "6.3.0", "latest nightly"],
  ["major", "latest", "6.4.0"],
  ["all", "latest", "6.4.0"],
  // a number that looks like a day is a number
  ["major", "6.3.0", "20240101.0.0", "20240101.0.0"],
  ["all", "20240101.0.0", "6.3.0"],
  // ranges: by `major` only
  ["major", "^6.1", "6.4.0 7.2.3 7.1.0", "^7.2"],
  ["major", "6.x", "6.4.0 8.0.0", "8.x"],
  ["major", ">=6.0.0 <7.0.0", "7.1.2", ">=7.1.2 <8.0.0"],
  ["major", "^6.1", "6.99.0 5.0.0 7.0.0-rc.1"],
  ["major", ">=6.0.0 <7.0.0-0", "8.0.0-rc.1"],
  ["major", "*", "6.4.0 7.0.0"],
  ["major", "6.0.0 - 6.9.9", "7.0.0"],
  ["major", "6 - 7", "7.9.0 8.0.0"],
  ["major", "^6.1", "99999999999999999999.0.0"],
  ["minor", "^6.1", "7.0.0 6.4.0"],
  ["patch", "~6.3", "6.4.0 7.0.0"],
  ["all", "^6.1", "7.0.0"],
  [{ name: "glob", pattern: "*" }, "^6.1", "7.0.0"],
  ["none", "^6.1", "7.0.0"],
];
for (const [policy, current, versions, to] of rows) {
  const name = typeof policy === "string" ? policy : `glob ${policy.pattern}`;
  s(`${name} from ${current}, of ${versions || "nothing"}: ${to ?? "stays"}`, () => {
    for (const complete of [true, false]) assert.is(wanted(policy, current, versions, complete), to);
    const turned = versions.split(" ").reverse().join(" ");
    assert.is(wanted(policy, current, turned), to, "in any order");
  });
}

s("a webhook alone never takes a chart down", () => {
  for (const policy of ["all", six] as const) {
    for (const lower of ["6.2.0", "6.3.0-rc.1", "v6.2.0", "v6.2", "0.0.1"]) {
      assert.is(wanted(policy, "6.3.0", lower, false), undefined);
    }
  }
});

function sentence(policy: PolicyName | Policy, current: string, version: string): string {
  const input = ask(policy, current, version);
  const { verdicts, message }: PolicyResult = decide(input);
  assert.is(message, explain(verdicts[0]!, input), "the only one's sentence is the decision's");
  return message;
}
/** What people read. */
const sentences: [PolicyName | Policy, string, string, string][] = [
  ["minor", "6.3.0", "6.4.0", "6.4.0 is higher than 6.3.0, and policy minor takes it"],
  ["minor", "6.3.0", "7.0.0", "7.0.0 is further from 6.3.0 than policy minor goes"],
  ["minor", "6.3.0", "6.2.0", "6.2.0 is lower than 6.3.0"],
  ["minor", "6.3.0", "6.4.0-rc.1", "6.4.0-rc.1 is a pre-release and 6.3.0 is none"],
  ["minor", "6.3.0+1", "6.3.0+2", "6.3.0+2 is the same version as 6.3.0+1"],
  ["minor", "6.3.0", "6.3.0", "6.3.0 is what runs"],
  ["minor", "6.3.0", "6.4.0!", "6.4.0 is deprecated"],
  ["minor", "6.3.0", "6.2.0!", "6.2.0 is lower than 6.3.0"],
  ["minor", "6.3.0", "latest", "latest is no version"],
  ["force", "6.3.0", "6.4.0", "policy force follows digests, which only images have: it does nothing for a chart"],
  ["force", "^6.1", "7.0.0", "policy force follows digests, which only images have: it does nothing for a chart"],
  ["major", "^6.1", "7.0.0", "7.0.0 is above the range ^6.1: a new range takes it in"],
  ["minor", "^6.1", "7.0.0", "7.0.0 is above the range ^6.1: policy minor makes no new range, major does"],
  ["minor", "^6.1", "6.4.0", "6.4.0 is not above the range ^6.1, within which Flux moves by itself"],
  ["major", "*", "6.4.0", "6.4.0 is not above the range *, within which Flux moves by itself"],
  ["major", "latest", "6.4.0", "latest is no version, nor a range that can be read"],
  [
    "major",
    "6.0.0 - 6.9.9",
    "7.0.0",
    "7.0.0 is above the range 6.0.0 - 6.9.9, of which it is not known how to make the next one",
  ],
];
for (const [policy, current, version, text] of sentences) {
  s(text, () => assert.is(sentence(policy, current, version), text));
}

s("of many, the message counts versions and not tags", () => {
  const { message } = decide(ask("minor", "6.3.0", "6.3.0 6.2.0 6.1.0 7.0.0"));
  assert.is(message, "policy minor takes none of 4 versions: 2 lower, 1 further than the policy goes, 1 what runs");
  assert.is(decide(ask("minor", "6.3.0", "")).message, "there is no version to choose from");
  assert.match(decide(ask("force", "6.3.0", "6.3.0 6.4.0")).message, "it does nothing for a chart");
});

s("above a range, a pre-release is left as one, whatever the policy would do", () => {
  for (const policy of ["major", "minor"] as const) {
    assert.equal(decide(ask(policy, "^6.1", "8.0.0-rc.1")).verdicts.map(({ why }) => why), ["prerelease"]);
  }
});

s.run();
