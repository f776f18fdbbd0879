import type { Expected, Observed } from "./chapter.ts";
import { shortened } from "./version.ts";

export interface Judgement {
  /** How it ended, for people. */
  ended: string;
  /** What is not as it should be, a sentence each. */
  faults: string[];
}

/** Holds what was seen in the end against what was expected. Pure. */
export function judge(expected: Expected, observed: Observed): Judgement {
  const faults: string[] = [];
  const compare = (what: string, is: string, should: string) => {
    if (is !== should) faults.push(`${what} ${is}, not ${should}`);
  };
  compare("it runs", observed.runs ?? "nothing", expected.runs);
  compare("it is", verifiedText(observed.verified), verifiedText(expected.verified ?? false));
  compare(
    "its UpdateRequests are",
    listed(observed.requests.map(requestText)),
    listed(expected.requests.map(requestText)),
  );
  compare("it holds", listed(observed.held), listed(expected.held ?? []));
  compare("its Warnings are", listed(observed.warnings), listed(expected.warnings ?? []));
  if (expected.pods !== undefined) compare("its pods ready are", String(observed.pods), String(expected.pods));
  return { ended: ending(observed), faults: faults.map(shortened) };
}

function ending({ runs, verified, requests, warnings, pods }: Observed): string {
  const last = requests.at(-1);
  const where = pods === 1 ? "on 1 pod" : `on ${pods} pods`;
  if (!last) return `${warnings.length > 0 ? "left alone with a Warning" : "left as it was"}, ${where}`;
  const [how, by] = [last.by ? `approved by ${last.by}` : "applied at once", last.by ? ` by ${last.by}` : ""];
  const version = shortened(runs ?? "nothing");
  if (last.phase === "Completed") return `${how}, ${verified ? "verified" : "not verified,"} ${where}`;
  if (last.phase === "RolledBack") return `${how}, rolled back to ${version} ${where}`;
  if (last.phase === "Rejected") return `rejected${by}, ${version} stays ${where}`;
  return `${last.phase.toLowerCase()}, ${version} stays ${where}`;
}

const requestText = ({ to, phase, by }: Observed["requests"][number]) => `${to} ${phase}${by ? ` by ${by}` : ""}`;
const verifiedText = (verified: boolean) => verified ? "verified" : "unverified";
const listed = (texts: readonly string[]) => texts.length > 0 ? texts.join(" and ") : "none";
