import type { Decision } from "./update_request.ts";

/** `approved by ann`, with which a sentence of a status begins that tells of a decision. */
export const decisionText = ({ approved, by }: Pick<Decision, "approved" | "by">): string =>
  `${approved ? "approved" : "rejected"} by ${by}`;

/** What such a sentence says beyond who decided and why, for where that is told beside it: `to be applied`, or nothing. */
export function beyondDecision(sentence: string, decision: Pick<Decision, "approved" | "by"> | undefined): string {
  const told = decision && decisionText(decision);
  if (told === undefined || !sentence.startsWith(told)) return sentence;
  const rest = sentence.slice(told.length);
  return rest.startsWith(", ") ? rest.slice(2) : rest === "" || rest.startsWith(": ") ? "" : sentence;
}
