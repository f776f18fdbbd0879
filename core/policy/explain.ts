import type { Left, PolicyInput, Taken, Verdict } from "./types.ts";
import { followedTag } from "./judge.ts";
import { isDated, parseVersion } from "../versions/version.ts";

interface Words {
  tag: string;
  current: string;
  policy: string;
  /** What was taken before it. */
  better: string | undefined;
}

const SENTENCES: Record<Taken | Left, (words: Words) => string> = {
  "higher": ({ tag, current, policy }) => `${tag} is higher than ${current}, and policy ${policy} takes it`,
  "other-tag": ({ tag, current, policy }) =>
    `${tag} was seen and has no order with ${current}: policy ${policy} takes it`,
  "digest-moved": ({ tag }) => `the digest of ${tag} has moved`,
  "digest-pinned": ({ tag }) => `${tag} was not pinned to a digest: it is from now on`,
  "beyond-range": ({ tag, current }) => `${tag} is above the range ${current}: a new range takes it in`,
  "policy-none": () => "policy none takes nothing",
  "invalid-tag": ({ tag }) => `${tag} is no tag`,
  "invalid-digest": ({ tag }) => `${tag} came with a digest that is none`,
  "signature": ({ tag }) => `${tag} is a signature or attestation, no version`,
  "same": ({ tag, current }) => tag === current ? `${tag} is what runs` : `${tag} is the same version as ${current}`,
  "lower": ({ tag, current }) => `${tag} is ${isOfDate(current) ? "older" : "lower"} than ${current}`,
  "beyond-policy": ({ tag, current, policy }) => `${tag} is further from ${current} than policy ${policy} goes`,
  "prerelease": ({ tag, current }) => `${tag} is a pre-release and ${current} is none`,
  "not-a-version": ({ tag }) => `${tag} is no version`,
  "other-prefix": ({ tag, current }) => `${tag} has another prefix than ${current}`,
  "other-parts": ({ tag, current }) => `${tag} has more or fewer numbers than ${current}`,
  "other-suffix": ({ tag, current }) => `${tag} is of another variant than ${current}`,
  "other-build": ({ tag, current }) => `${tag} counts builds in another way than ${current}, or not at all`,
  "other-scheme": ({ tag, current }) =>
    `of ${tag} and ${current} one is a date, or a number as long as a commit hash, and the other is not`,
  "other-named": ({ tag }) => `the number in ${tag} belongs to a word, and is no version of the image`,
  "hash": ({ tag, current }) => `nothing tells whether ${tag} or ${current} is newer: a commit hash tells no order`,
  "current-hash": ({ current, policy }) =>
    `${current} is named by a commit: a commit hash tells no order, and is nothing that policy ${policy} could start from`,
  "current-untagged": ({ policy }) => `the image has no tag that policy ${policy} could start from`,
  "current-not-a-version": ({ current, policy }) => `${current} is no version that policy ${policy} could start from`,
  "pattern": ({ tag }) => `${tag} does not match the pattern`,
  "no-order": ({ tag, current }) => `nothing tells whether ${tag} or ${current} is newer`,
  "not-followed": ({ tag, current }) => `${tag} is not ${current}, which policy force follows`,
  "digest-unknown": ({ tag }) => `the digest of ${tag} is not known`,
  "deprecated": ({ tag }) => `${tag} is deprecated`,
  "within-range": ({ tag, current }) => `${tag} is not above the range ${current}, within which Flux moves by itself`,
  "range-unread": ({ current }) => `${current} is no version, nor a range that can be read`,
  "range-form": ({ tag, current }) =>
    `${tag} is above the range ${current}, of which it is not known how to make the next one`,
  "range-needs-major": ({ tag, current, policy }) =>
    `${tag} is above the range ${current}: policy ${policy} makes no new range, major does`,
  "force-needs-image": () => "policy force follows digests, which only images have: it does nothing for a chart",
  "superseded-by-better": ({ tag, better }) =>
    `${tag} would be taken if there were no better one${better === undefined ? "" : `, ${better}`}`,
};

/** The same where many are counted: `3 of another variant`. */
const COUNTED: Record<Taken | Left, string> = {
  "higher": "higher",
  "other-tag": "without an order",
  "digest-moved": "moved",
  "digest-pinned": "not pinned",
  "beyond-range": "above the range",
  "policy-none": "not wanted",
  "invalid-tag": "no tag",
  "invalid-digest": "with a wrong digest",
  "signature": "signature or attestation",
  "same": "what runs",
  "lower": "lower",
  "beyond-policy": "further than the policy goes",
  "prerelease": "pre-release",
  "not-a-version": "no version",
  "other-prefix": "with another prefix",
  "other-parts": "with more or fewer numbers",
  "other-suffix": "of another variant",
  "other-build": "with builds counted in another way",
  "other-scheme": "with numbers of another kind",
  "other-named": "with a word's number",
  "hash": "named by a commit, whose hash tells no order",
  "current-untagged": "without a tag to start from",
  "current-not-a-version": "without a version to start from",
  "current-hash": "without a version to start from",
  "pattern": "outside the pattern",
  "no-order": "of which nothing tells whether it is newer",
  "not-followed": "not followed",
  "digest-unknown": "without a digest",
  "deprecated": "deprecated",
  "within-range": "not above the range",
  "range-unread": "beside a range that cannot be read",
  "range-form": "above a range that has no next one",
  "range-needs-major": "above the range, which only major moves",
  "force-needs-image": "of a chart",
  "superseded-by-better": "taken if there were no better one",
};

/** Whether what tells the order of a tag is a date. */
function isOfDate(tag: string): boolean {
  const version = parseVersion(tag);
  return version !== undefined && isDated(version);
}

type Explained = Pick<PolicyInput, "policy" | "current" | "type">;

const TAG_SHOWN = 128;

/**
 * A verdict as a sentence without a full stop; made only when it is asked for, since a list has hundreds. `taken` is the
 * tag of the candidate that was taken, if there is one.
 */
export function explain(verdict: Verdict, { policy, current }: Explained, taken?: string): string {
  return SENTENCES[verdict.why]({
    tag: shown(verdict.candidate.tag),
    current: shown(followedTag(current) ?? "the image"),
    policy: policy.name,
    better: taken === undefined ? undefined : shown(taken),
  });
}

/** Why no candidate was taken: the sentence of the only one, or how many were left for which reason. */
export function explainNone(verdicts: readonly Verdict[], input: Explained): string {
  const [first] = verdicts;
  const what = input.type === "chart" ? "version" : "tag";
  if (!first) return `there is no ${what} to choose from`;
  const counts = new Map<Verdict["why"], number>();
  const current = followedTag(input.current) ?? "";
  for (const { why } of verdicts) counts.set(why, (counts.get(why) ?? 0) + 1);
  const isOfAll = first.why.startsWith("current-") || ["range-unread", "force-needs-image"].includes(first.why);
  if (verdicts.length === 1 || counts.size === 1 && isOfAll) return explain(first, input);
  const listed = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([why, n]) =>
    `${n} ${why === "lower" && isOfDate(current) ? "older" : COUNTED[why]}`
  );
  return `policy ${input.policy.name} takes none of ${verdicts.length} ${what}s: ${listed.join(", ")}`;
}

function shown(tag: string): string {
  return tag.length > TAG_SHOWN ? `${tag.slice(0, TAG_SHOWN)}…` : tag === "" ? "an empty tag" : tag;
}
