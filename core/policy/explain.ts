import { type Candidate, followedTag, type Subject } from "./policy.ts";
import { isOfDate, type LeaveReason, REASONS, type TakeReason } from "./policy_reasons.ts";
import type { Policy } from "./policies.ts";

/** What became of a candidate; `explain` makes a sentence of it. */
export interface Verdict {
  candidate: Candidate;
  /** True for the wanted one only. */
  taken: boolean;
  why: TakeReason | LeaveReason;
}

/** What was asked when the verdicts were given. */
interface Asked extends Pick<Subject, "current" | "type"> {
  policy: Policy;
}

/** Characters of a tag. */
const TAG_SHOWN = 128;

/**
 * A verdict as a sentence without a full stop; made only when it is asked for, since a list has hundreds. `taken` is the
 * tag of the candidate that was taken, if there is one.
 */
export function explain(verdict: Verdict, { policy, current }: Asked, taken?: string): string {
  return REASONS[verdict.why].sentence({
    tag: shown(verdict.candidate.tag),
    current: shown(followedTag(current) ?? "the image"),
    policy: policy.name,
    better: taken === undefined ? undefined : shown(taken),
  });
}

/** Why no candidate was taken: the sentence of the only one, or how many were left for which reason. */
export function explainNone(verdicts: readonly Verdict[], input: Asked): string {
  const [first] = verdicts;
  const what = input.type === "chart" ? "version" : "tag";
  if (!first) return `there is no ${what} to choose from`;
  const counts = new Map<Verdict["why"], number>();
  const current = followedTag(input.current) ?? "";
  for (const { why } of verdicts) counts.set(why, (counts.get(why) ?? 0) + 1);
  if (verdicts.length === 1 || counts.size === 1 && REASONS[first.why].ofAll) return explain(first, input);
  const listed = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([why, n]) =>
    `${n} ${why === "lower" && isOfDate(current) ? "older" : REASONS[why].counted}`
  );
  return `policy ${input.policy.name} takes none of ${verdicts.length} ${what}s: ${listed.join(", ")}`;
}

function shown(tag: string): string {
  return tag.length > TAG_SHOWN ? `${tag.slice(0, TAG_SHOWN)}…` : tag === "" ? "an empty tag" : tag;
}
