import type { Artifact } from "../plugin.ts";
import { comparable, compareVersions } from "../versions/version_order.ts";
import { readReference, sameRepository, versionsOf } from "../versions/compare.ts";

/** How far an update goes, the smallest step first but for `digest`, which moves no version, and `other`, which has no order. */
export const STEP_KINDS = ["patch", "minor", "major", "digest", "other"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/**
 * The least of the policies `patch`, `minor` and `major` that reaches from one version to the other; `digest` where the tag
 * stays, and `other` where nothing tells that the second is the higher one. Of a chart's range its lowest version counts.
 */
export function stepKind(type: Artifact["type"], from: string, to: string): StepKind {
  const [a, b] = [readReference(from), readReference(to)];
  if (!a || !b || !sameRepository(from, to)) return "other";
  if (a.tag === b.tag) return a.digest === b.digest ? "other" : "digest";
  if (a.tag === undefined || b.tag === undefined) return "other";
  const [running, wanted] = versionsOf(type, a.tag, b.tag);
  if (!running || !wanted || !comparable(running, wanted) || compareVersions(wanted, running) <= 0) return "other";
  const moved = wanted.numbers.findIndex((number, at) => number !== running.numbers[at]);
  return moved === 0 ? "major" : moved === 1 ? "minor" : "patch";
}
