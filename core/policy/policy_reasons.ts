import { parseVersion } from "../versions/version.ts";
import { isDated } from "../versions/version_order.ts";

/** What a sentence about a candidate can name. */
export interface Words {
  tag: string;
  current: string;
  policy: string;
  /** What was taken before it. */
  better: string | undefined;
}

/** How people are told of a reason. */
interface ReasonWords {
  /** Of many candidates that have it: `3 of another variant`. */
  counted: string;
  /** Of one, without a full stop. */
  sentence(words: Words): string;
  /** Whether it is the same for all candidates, since it is about what runs. */
  ofAll?: true;
}

export const TAKE_REASONS = {
  "higher": {
    counted: "higher",
    sentence: ({ tag, current, policy }) => `${tag} is higher than ${current}, and policy ${policy} takes it`,
  },
  "other-tag": {
    counted: "without an order",
    sentence: ({ tag, current, policy }) =>
      `${tag} was seen and has no order with ${current}: policy ${policy} takes it`,
  },
  "digest-moved": {
    counted: "moved",
    sentence: ({ tag }) => `the digest of ${tag} has moved`,
  },
  "digest-pinned": {
    counted: "not pinned",
    sentence: ({ tag }) => `${tag} was not pinned to a digest: it is from now on`,
  },
  "beyond-range": {
    counted: "above the range",
    sentence: ({ tag, current }) => `${tag} is above the range ${current}: a new range takes it in`,
  },
} satisfies Record<string, ReasonWords>;

export const LEAVE_REASONS = {
  "policy-none": {
    counted: "not wanted",
    sentence: ({ policy }) => `policy ${policy} takes nothing`,
  },
  "invalid-tag": {
    counted: "no tag",
    sentence: ({ tag }) => `${tag} is no tag`,
  },
  "invalid-digest": {
    counted: "with a wrong digest",
    sentence: ({ tag }) => `${tag} came with a digest that is none`,
  },
  "signature": {
    counted: "signature or attestation",
    sentence: ({ tag }) => `${tag} is a signature or attestation, no version`,
  },
  "same": {
    counted: "what runs",
    sentence: ({ tag, current }) =>
      tag === current ? `${tag} is what runs` : `${tag} is the same version as ${current}`,
  },
  "lower": {
    counted: "lower",
    sentence: ({ tag, current }) => `${tag} is ${isOfDate(current) ? "older" : "lower"} than ${current}`,
  },
  "beyond-policy": {
    counted: "further than the policy goes",
    sentence: ({ tag, current, policy }) => `${tag} is further from ${current} than policy ${policy} goes`,
  },
  "prerelease": {
    counted: "pre-release",
    sentence: ({ tag, current }) => `${tag} is a pre-release and ${current} is none`,
  },
  "not-a-version": {
    counted: "no version",
    sentence: ({ tag }) => `${tag} is no version`,
  },
  "other-prefix": {
    counted: "with another prefix",
    sentence: ({ tag, current }) => `${tag} has another prefix than ${current}`,
  },
  "other-parts": {
    counted: "with more or fewer numbers",
    sentence: ({ tag, current }) => `${tag} has more or fewer numbers than ${current}`,
  },
  "other-suffix": {
    counted: "of another variant",
    sentence: ({ tag, current }) => `${tag} is of another variant than ${current}`,
  },
  "other-build": {
    counted: "with builds counted in another way",
    sentence: ({ tag, current }) => `${tag} counts builds in another way than ${current}, or not at all`,
  },
  "other-scheme": {
    counted: "with numbers of another kind",
    sentence: ({ tag, current }) =>
      `of ${tag} and ${current} one is a date, or a number as long as a commit hash, and the other is not`,
  },
  "other-named": {
    counted: "with a word's number",
    sentence: ({ tag }) => `the number in ${tag} belongs to a word, and is no version of the image`,
  },
  "hash": {
    counted: "named by a commit, whose hash tells no order",
    sentence: ({ tag, current }) => `nothing tells whether ${tag} or ${current} is newer: a commit hash tells no order`,
  },
  "current-hash": {
    ofAll: true,
    counted: "without a version to start from",
    sentence: ({ current, policy }) =>
      `${current} is named by a commit: a commit hash tells no order, and is nothing that policy ${policy} could start from`,
  },
  "current-untagged": {
    ofAll: true,
    counted: "without a tag to start from",
    sentence: ({ policy }) => `the image has no tag that policy ${policy} could start from`,
  },
  "current-not-a-version": {
    ofAll: true,
    counted: "without a version to start from",
    sentence: ({ current, policy }) => `${current} is no version that policy ${policy} could start from`,
  },
  "pattern": {
    counted: "outside the pattern",
    sentence: ({ tag }) => `${tag} does not match the pattern`,
  },
  "no-order": {
    counted: "of which nothing tells whether it is newer",
    sentence: ({ tag, current }) => `nothing tells whether ${tag} or ${current} is newer`,
  },
  "not-followed": {
    counted: "not followed",
    sentence: ({ tag, current, policy }) => `${tag} is not ${current}, which policy ${policy} follows`,
  },
  "digest-unknown": {
    counted: "without a digest",
    sentence: ({ tag }) => `the digest of ${tag} is not known`,
  },
  "deprecated": {
    counted: "deprecated",
    sentence: ({ tag }) => `${tag} is deprecated`,
  },
  "within-range": {
    counted: "not above the range",
    sentence: ({ tag, current }) => `${tag} is not above the range ${current}, within which Flux moves by itself`,
  },
  "range-unread": {
    ofAll: true,
    counted: "beside a range that cannot be read",
    sentence: ({ current }) => `${current} is no version, nor a range that can be read`,
  },
  "range-form": {
    counted: "above a range that has no next one",
    sentence: ({ tag, current }) =>
      `${tag} is above the range ${current}, of which it is not known how to make the next one`,
  },
  "range-needs-major": {
    counted: "above the range, which only major moves",
    sentence: ({ tag, current, policy }) =>
      `${tag} is above the range ${current}: policy ${policy} makes no new range, major does`,
  },
  "force-needs-image": {
    ofAll: true,
    counted: "of a chart",
    sentence: ({ policy }) => `policy ${policy} follows digests, which only images have: it does nothing for a chart`,
  },
  "superseded-by-better": {
    counted: "taken if there were no better one",
    sentence: ({ tag, better }) =>
      `${tag} would be taken if there were no better one${better === undefined ? "" : `, ${better}`}`,
  },
} satisfies Record<string, ReasonWords>;

/** Why a policy would take a candidate. */
export type TakeReason = keyof typeof TAKE_REASONS;
/** Why a policy leaves a candidate. */
export type LeaveReason = keyof typeof LEAVE_REASONS;

export const REASONS: Readonly<Record<TakeReason | LeaveReason, ReasonWords>> = { ...TAKE_REASONS, ...LEAVE_REASONS };

/** Whether what tells the order of a tag is a date. */
export function isOfDate(tag: string): boolean {
  const version = parseVersion(tag);
  return version !== undefined && isDated(version);
}
