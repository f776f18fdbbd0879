import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decide } from "../../../core/policy/decide.ts";
import { explain, type Verdict } from "../../../core/policy/explain.ts";
import { REASONS } from "../../../core/policy/policy_reasons.ts";

const s = suite("why a policy takes or leaves a candidate");
const reasons = Object.keys(REASONS) as Verdict["why"][];
const asked = { policy: { name: "minor" }, current: { tag: "1.2.3" }, type: "image" } as const;
const verdict = (why: Verdict["why"], tag = "1.3.0"): Verdict => ({ candidate: { tag }, taken: false, why });

s("each reason has a sentence of its own without a full stop, and words for many", () => {
  const sentences = reasons.map((why) => explain(verdict(why), asked, "1.4.0"));
  for (const [index, sentence] of sentences.entries()) {
    assert.match(sentence, /^\S+ .+[^.]$/, reasons[index]);
    assert.not.match(sentence, "undefined", reasons[index]);
  }
  const counted = reasons.map((why) => REASONS[why].counted);
  for (const words of counted) assert.match(words, /^[a-z].*[a-z]$/);
});

s("a long tag is cut, an empty one is named", () => {
  const [fits, long] = ["t".repeat(128), "t".repeat(129)];
  assert.match(explain(verdict("lower", fits), asked), new RegExp(`^${fits} is lower`));
  assert.match(explain(verdict("lower", long), asked), new RegExp(`^${fits}… is lower`));
  assert.match(explain(verdict("lower", ""), asked), /^an empty tag is lower/);
});

/** policy, current, candidates, and why each is taken or left */
const rows: [string, string, string, string][] = [
  ["minor", "1.2.3", "1a2b3c4d5e latest", "hash not-a-version"],
  ["minor", "1.2.3-1a2b3c4", "1.2.3-2b3c4d5", "hash"],
  ["minor", "1a2b3c4d5e", "1.3.0", "current-hash"],
  ["minor", "latest", "1.3.0", "current-not-a-version"],
  ["all", "1.2.3", "1a2b3c4d5e latest", "hash no-order"],
  ["all", "1a2b3c4d5e", "latest", "hash"],
];
for (const [policy, current, tags, whys] of rows) {
  s(`${policy} from ${current}: ${tags}`, () => {
    const candidates = tags.split(" ").map((tag) => ({ tag }));
    const name = policy as "minor" | "all";
    const { verdicts } = decide({ policy: { name }, current: { tag: current }, candidates, complete: true });
    assert.is(verdicts.map(({ why }) => why).join(" "), whys);
  });
}

s("of many, the most frequent reason comes first, and of equal ones in order of their names", () => {
  const candidates = ["1.2.2", "2.0.0", "3.0.0", "1.2.3"].map((tag) => ({ tag }));
  const { message } = decide({ policy: { name: "minor" }, current: { tag: "1.2.3" }, candidates, complete: true });
  assert.is(message, "policy minor takes none of 4 tags: 2 further than the policy goes, 1 lower, 1 what runs");
});

s("of a day, what is lower is older", () => {
  const candidates = ["20240101", "20240102"].map((tag) => ({ tag }));
  const decided = decide({ policy: { name: "major" }, current: { tag: "20240301" }, candidates, complete: true });
  assert.match(decided.message, ": 2 older");
});

s.run();
