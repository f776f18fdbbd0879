import { namesCommit, type ReadVersion, versionReader } from "../versions/version.ts";
import { comparable, compareVersions } from "../versions/version_order.ts";
import { isDigest, isSignatureTag, isTag } from "../versions/reference.ts";
import { hashDigitsOf, longRowsOf } from "../versions/dates_and_hashes.ts";
import { isRange } from "../versions/range.ts";
import { explain, explainNone, type Verdict } from "./explain.ts";
import { type Candidate, type Judge, type Judgement, leave, type Subject } from "./policy.ts";
import { runToEnd, type Steps } from "../lib/time_slices.ts";
import { definitionOf, type Policy } from "./policies.ts";
import { judgeRange } from "./chart_range.ts";
import type { LeaveReason } from "./policy_reasons.ts";

export interface PolicyInput extends Omit<Subject, "pattern"> {
  policy: Policy;
  candidates: readonly Candidate[];
}

export interface PolicyResult {
  /** Absent: nothing is to be done. It has a digest only if the candidate had one; for a range of versions it is the next range. */
  wanted?: Candidate;
  /** One for each candidate, in the order given. */
  verdicts: Verdict[];
  /** Why so, in one sentence without a full stop. */
  message: string;
}

type Allowed = Extract<Judgement, { allowed: true }> & { candidate: Candidate; index: number };

/**
 * Which of the candidates a container moves to, if any, and why each was left. Pure; throws on no input. What it takes
 * from a list, it takes of that candidate alone too. A list of all tags gives the same decision in any order. What others
 * in a list say of a tag is only that a row of digits in it is a commit's hash, as theirs are.
 *
 * Where the current image is pinned (`web:1.2@sha256:…`) the wanted version has to get a digest too: `wanted` has one
 * only if the candidate came with it, else the caller looks it up.
 */
export function decide(input: PolicyInput): PolicyResult {
  return runToEnd(deciding(input));
}

/** So few that the longest tags that are hard to read hold others up for some milliseconds only. */
const candidatesAStep = 64;
/** Of those that are only searched for a commit's hash. */
const hashesAStep = 256;

/** `decide`, that can be laid down between candidates: a list of all tags may be long. */
export function* deciding(input: PolicyInput): Steps<PolicyResult> {
  const { type = "image", current: { tag: running = "" }, candidates } = input;
  if (type === "chart") return told(input, yield* judging(input, 0));
  const known = hashDigitsOf(running) || (yield* hashDigitsBeside(running, candidates));
  const judged = yield* judging(input, known);
  const { best } = judged;
  const found = known > 0 || !best ? known : yield* hashDigitsBeside(best.candidate.tag, candidates);
  if (found === 0 || !best) return told(input, judged);
  return told(input, yield* agreed(input, found, found === known ? judged : yield* judging(input, found)));
}

/**
 * How long the commits' hashes are beside which a tag's row of digits stands: 7 for `main-1234567` in a list that has
 * `main-a1b2c3d` too; 0 where none is as long as the row, or the tag has no such row.
 */
function* hashDigitsBeside(tag: string, candidates: readonly Candidate[]): Steps<number> {
  const lengths = longRowsOf(tag).map(({ length }) => length);
  if (lengths.length === 0) return 0;
  for (let at = 0; at < candidates.length; at++) {
    if (at % hashesAStep === hashesAStep - 1) yield;
    const digits = hashDigitsOf(candidates[at]!.tag);
    if (lengths.includes(digits)) return digits;
  }
  return 0;
}

/** How many that are refused alone are looked past. */
const mostRefused = 3;

/**
 * The best that is taken alone too, as it will be judged when it is applied: where neither it nor what runs has a letter in
 * its hash, it is then not known that these are hashes.
 */
function* agreed(input: PolicyInput, hashDigits: number, judged: Judged): Steps<Judged> {
  if (hashDigitsOf(input.current.tag ?? "") > 0) return judged;
  const refused = new Set<number>();
  for (let { best } = judged; best; { best } = judged) {
    const { candidate, index } = best;
    if (hashDigitsOf(candidate.tag) > 0 || decide({ ...input, candidates: [candidate] }).wanted) return judged;
    if (refused.size === mostRefused) return { ...judged, best: undefined };
    judged = yield* judging(input, hashDigits, refused.add(index));
  }
  return judged;
}

interface Judged {
  best: Allowed | undefined;
  verdicts: Verdict[];
}

/** `hashDigits`: how long the commits' hashes among the tags are, where that is known; `refused`: candidates, by place. */
function* judging(input: PolicyInput, hashDigits: number, refused?: ReadonlySet<number>): Steps<Judged> {
  const { policy, type = "image", current, complete, candidates } = input;
  const definition = definitionOf(policy);
  const read = versionReader(type, hashDigits);
  const reading = { read, namesCommit: (tag: string) => type === "image" && namesCommit(tag, hashDigits) };
  const subject: Subject = {
    type,
    current,
    complete,
    ...(policy.pattern === undefined ? {} : { pattern: policy.pattern }),
  };
  const isOfRange = type === "chart" && definition.follows === "versions" && isRange(current.tag ?? "");
  const judge = isOfRange ? judgeRange(definition, subject, reading) : definition.judge(subject, reading);
  let best: Allowed | undefined;
  const verdicts: Verdict[] = [];
  for (let index = 0; index < candidates.length; index++) {
    if (index % candidatesAStep === candidatesAStep - 1) yield;
    const candidate = candidates[index]!;
    const judgement = refused?.has(index)
      ? leave("hash")
      : judgeOne(judge, candidate, type, definition.takesDeprecated, read);
    verdicts.push({ candidate, taken: false, why: judgement.allowed ? "superseded-by-better" : judgement.why });
    if (!judgement.allowed) continue;
    const allowed = { ...judgement, candidate, index };
    if (!best || isBetter(allowed, best)) best = allowed;
  }
  return { best, verdicts };
}

function told(input: PolicyInput, { best, verdicts }: Judged): PolicyResult {
  if (!best) return { verdicts, message: explainNone(verdicts, input) };
  const verdict: Verdict = { candidate: best.candidate, taken: true, why: best.why };
  verdicts[best.index] = verdict;
  const { candidate, writtenAs } = best;
  return {
    wanted: writtenAs === undefined ? candidate : { tag: writtenAs },
    verdicts,
    message: explain(verdict, input),
  };
}

function judgeOne(
  judge: Judge,
  candidate: Candidate,
  type: Subject["type"],
  takesDeprecated: boolean,
  read: ReadVersion,
): Judgement {
  const fault = type === "chart" ? chartFault(candidate, read) : candidateFault(candidate);
  if (fault !== undefined) return leave(fault);
  const judgement = judge(candidate);
  return judgement.allowed && candidate.deprecated && !takesDeprecated ? leave("deprecated") : judgement;
}

function chartFault({ tag }: Candidate, read: ReadVersion): LeaveReason | undefined {
  return read(tag) ? undefined : "not-a-version";
}

function candidateFault({ tag, digest }: Candidate): LeaveReason | undefined {
  if (!isTag(tag)) return "invalid-tag";
  if (isSignatureTag(tag)) return "signature";
  return digest === undefined || isDigest(digest) ? undefined : "invalid-digest";
}

/** Whether a candidate that came later beats the best before it: the surer, the higher, or else the later one. */
function isBetter(later: Allowed, best: Allowed): boolean {
  if (later.order !== best.order) return later.order > best.order;
  if (!later.version || !best.version || !comparable(later.version, best.version)) return true;
  const direction = compareVersions(later.version, best.version) || preferText(later.candidate.tag, best.candidate.tag);
  return direction >= 0;
}

/** Of two ways to write the same version, the shorter is preferred, so that the order of a list does not matter. */
function preferText(a: string, b: string): number {
  return b.length - a.length || (a === b ? 0 : a < b ? 1 : -1);
}
