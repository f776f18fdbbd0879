import type { Artifact } from "../plugin.ts";

/** The values of `headwind.sh/policy`. */
export type PolicyName = "none" | "patch" | "minor" | "major" | "glob" | "force" | "all";

/** Which versions a workload wants. */
export interface Policy {
  name: PolicyName;
  /** For `glob` only: `headwind.sh/pattern`. */
  pattern?: string;
}

/** What a slot holds. An image without tag and digest is Kubernetes' `latest`. */
export interface VersionRef {
  tag?: string;
  digest?: string;
}

/** A version that a trigger saw. */
export interface Candidate {
  tag: string;
  digest?: string;
  deprecated?: true;
}

export interface PolicyInput {
  policy: Policy;
  /** What the versions are of. Default `image`. */
  type?: Artifact["type"];
  current: VersionRef;
  candidates: readonly Candidate[];
  /**
   * Whether the candidates are all tags that there are (a poll), or some that were seen, the latest last (a webhook). Of the
   * first, and of what nobody has proven, nothing tells which is newer of two that have no order.
   */
  complete: boolean;
}

/** Why a policy would take a candidate. */
export type Taken =
  | "higher"
  | "other-tag"
  | "digest-moved"
  | "digest-pinned"
  | "beyond-range";

/** Why a policy leaves a candidate. */
export type Left =
  | "policy-none"
  | "invalid-tag"
  | "invalid-digest"
  | "signature"
  | "same"
  | "lower"
  | "beyond-policy"
  | "prerelease"
  | "not-a-version"
  | "other-prefix"
  | "other-parts"
  | "other-suffix"
  | "other-build"
  | "other-scheme"
  | "other-named"
  | "hash"
  | "current-untagged"
  | "current-not-a-version"
  | "current-hash"
  | "pattern"
  | "no-order"
  | "not-followed"
  | "digest-unknown"
  | "deprecated"
  | "within-range"
  | "range-unread"
  | "range-form"
  | "range-needs-major"
  | "force-needs-image"
  | "superseded-by-better";

/** What became of a candidate; `explain` makes a sentence of it. */
export interface Verdict {
  candidate: Candidate;
  /** True for the wanted one only. */
  taken: boolean;
  why: Taken | Left;
}

export interface Decision {
  /** Absent: nothing is to be done. It has a digest only if the candidate had one; for a range of versions it is the next range. */
  wanted?: Candidate;
  /** One for each candidate, in the order given. */
  verdicts: Verdict[];
  /** Why so, in one sentence without a full stop. */
  message: string;
}
