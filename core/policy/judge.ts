import type { Candidate, Left, PolicyInput, Taken } from "./types.ts";
import type { ReadVersion } from "../versions/read_version.ts";
import type { Version } from "../versions/version.ts";

/** What a policy says of one candidate by itself. */
export type Judgement =
  | { allowed: false; why: Left }
  | {
    allowed: true;
    why: Taken;
    /** What the allowed are ranked by; of those without, the latest seen is the best. */
    version?: Version;
    /** How sure the rank is: 2 by the whole tag, 1 by a part of it, 0 without an order. The surer goes first. */
    order: 0 | 1 | 2;
    /** What is to stand in the candidate's place, where that is not the candidate itself: a range that has it in it. */
    writtenAs?: string;
  };

/** Tells the allowed candidates. It is given only tags that the grammar allows and that are no signatures. */
export type Judge = (candidate: Candidate) => Judgement;

/** How a family reads what it judges. */
export interface Reading {
  read: ReadVersion;
  /** Whether a tag that `read` takes for no version names a commit. */
  namesCommit(tag: string): boolean;
}

/** A policy family: reads what is the same for all candidates once. */
export type Family = (input: PolicyInput, reading: Reading) => Judge;

export function leave(why: Left): Judgement {
  return { allowed: false, why };
}

/** The tag that a container follows: Kubernetes reads an image without tag and digest as `latest`. */
export function followedTag({ tag, digest }: PolicyInput["current"]): string | undefined {
  return tag ?? (digest === undefined ? "latest" : undefined);
}
