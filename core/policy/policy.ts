import type { Artifact } from "../plugin.ts";
import type { LeaveReason, TakeReason } from "./policy_reasons.ts";
import type { ReadVersion, Version } from "../versions/version.ts";

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

/**
 * A value of `headwind.sh/policy`, and all that is known of it. Documentation, CRD and the annotation's values come from
 * the list in `policies.ts`.
 */
export interface PolicyDefinition<Name extends string = string> {
  name: Name;
  /** Where it moves a workload, in Markdown: it follows "moves" in the documentation. */
  summary: string;
  /** What it looks for: other versions, the digest that the current tag points to, or nothing. */
  follows: "versions" | "digest" | "nothing";
  /** Whether it writes a new range of chart versions where a version is above the one that is written; it is left otherwise. */
  raisesRanges: boolean;
  /** Whether it takes a version that its publisher calls deprecated. */
  takesDeprecated: boolean;
  /** Whether `headwind.sh/pattern` has to be given. */
  needsPattern: boolean;
  /** Reads what is the same for all candidates once. A range of chart versions comes here only if no versions are followed. */
  judge(subject: Subject, reading: Reading): Judge;
}

/** What a policy judges candidates for. */
export interface Subject {
  /** `headwind.sh/pattern`, for a policy that needs one. */
  pattern?: string;
  /**
   * What the versions are of.
   *
   * @default image
   */
  type?: Artifact["type"];
  current: VersionRef;
  /**
   * Whether the candidates are all tags that there are (a poll), or some that were seen, the latest last (a webhook). Of the
   * first, and of what nobody has proven, nothing tells which is newer of two that have no order.
   */
  complete: boolean;
}

/** How a policy reads what it judges. */
export interface Reading {
  read: ReadVersion;
  /** Whether a tag that `read` takes for no version names a commit. */
  namesCommit(tag: string): boolean;
}

/** Judges one candidate. It is given only tags that the grammar allows and that are no signatures. */
export type Judge = (candidate: Candidate) => Judgement;

/** What a policy says of one candidate by itself. */
export type Judgement =
  | { allowed: false; why: LeaveReason }
  | {
    allowed: true;
    why: TakeReason;
    /** What the allowed are ranked by; of those without, the latest seen is the best. */
    version?: Version;
    /** How sure the rank is: 2 by the whole tag, 1 by a part of it, 0 without an order. The surer goes first. */
    order: 0 | 1 | 2;
    /** What is to stand in the candidate's place, where that is not the candidate itself: a range that has it in it. */
    writtenAs?: string;
  };

export function leave(why: LeaveReason): Judgement {
  return { allowed: false, why };
}

/** The tag that a container follows: Kubernetes reads an image without tag and digest as `latest`. */
export function followedTag({ tag, digest }: VersionRef): string | undefined {
  return tag ?? (digest === undefined ? "latest" : undefined);
}
