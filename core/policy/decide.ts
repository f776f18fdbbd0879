import { comparable, compareVersions, isSignatureTag, namesCommit } from "../versions/version.ts";
import { hashDigitsBeside } from "./hashes_beside.ts";
import { hashDigitsOf } from "../versions/commit_hash.ts";
import { isDigest, isTag } from "../versions/reference.ts";
import { isRange } from "../versions/range.ts";
import { range } from "./range.ts";
import { type ReadVersion, versionReader } from "../versions/read_version.ts";
import type { Candidate, Decision, Left, PolicyInput, PolicyName, Verdict } from "./types.ts";
import { explain, explainNone } from "./explain.ts";
import { type Family, type Judge, type Judgement, leave } from "./judge.ts";
import { all } from "./all.ts";
import { atOnce, type Steps } from "../lib/time_slices.ts";
import { force } from "./force.ts";
import { glob } from "./glob.ts";
import { none } from "./none.ts";
import { semver } from "./semver.ts";

const FAMILIES = new Map<PolicyName, Family>([
  ["none", none],
  ["patch", semver("patch")],
  ["minor", semver("minor")],
  ["major", semver("major")],
  ["glob", glob],
  ["force", force],
  ["all", all],
]);

type Allowed = Extract<Judgement, { allowed: true }> & { candidate: Candidate; index: number };

/**
 * Which of the candidates a container moves to, if any, and why each was left. Pure; throws on no input. What it takes
 * from a list, it takes of that candidate alone too. A list of all tags gives the same decision in any order. What others
 * in a list say of a tag is only that a row of digits in it is a commit's hash, as theirs are.
 *
 * Where the current image is pinned (`web:1.2@sha256:…`) the wanted version has to get a digest too: `wanted` has one
 * only if the candidate came with it, else the caller looks it up.
 */
export function decide(input: PolicyInput): Decision {
  return atOnce(deciding(input));
}

/** So few that the longest tags that are hard to read hold others up for some milliseconds only. */
const candidatesAStep = 64;

/** `decide`, that can be laid down between candidates: a list of all tags may be long. */
export function* deciding(input: PolicyInput): Steps<Decision> {
  const { type = "image", current: { tag: running = "" }, candidates } = input;
  if (type === "chart") return told(input, yield* judging(input, 0));
  const known = hashDigitsOf(running) || (yield* hashDigitsBeside(running, candidates));
  const judged = yield* judging(input, known);
  const { best } = judged;
  const found = known > 0 || !best ? known : yield* hashDigitsBeside(best.candidate.tag, candidates);
  if (found === 0 || !best) return told(input, judged);
  return told(input, yield* agreed(input, found, found === known ? judged : yield* judging(input, found)));
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
  const { policy, type = "image", current, candidates } = input;
  const family = type === "chart" && isRange(current.tag ?? "") ? range : FAMILIES.get(policy.name);
  const read = versionReader(type, hashDigits);
  const reading = { read, namesCommit: (tag: string) => type === "image" && namesCommit(tag, hashDigits) };
  const judge = (family ?? none)(input, reading);
  let best: Allowed | undefined;
  const verdicts: Verdict[] = [];
  for (let index = 0; index < candidates.length; index++) {
    if (index % candidatesAStep === candidatesAStep - 1) yield;
    const candidate = candidates[index]!;
    const judgement = refused?.has(index) ? leave("hash") : judgeOne(judge, candidate, input, read);
    verdicts.push({ candidate, taken: false, why: judgement.allowed ? "superseded-by-better" : judgement.why });
    if (!judgement.allowed) continue;
    const allowed = { ...judgement, candidate, index };
    if (!best || isBetter(allowed, best)) best = allowed;
  }
  return { best, verdicts };
}

function told(input: PolicyInput, { best, verdicts }: Judged): Decision {
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

function judgeOne(judge: Judge, candidate: Candidate, { type, policy }: PolicyInput, read: ReadVersion): Judgement {
  const fault = type === "chart" ? chartFault(candidate, read) : candidateFault(candidate);
  if (fault !== undefined) return { allowed: false, why: fault };
  const judgement = judge(candidate);
  if (!judgement.allowed || !candidate.deprecated || policy.name === "all") return judgement;
  return { allowed: false, why: "deprecated" };
}

function chartFault({ tag }: Candidate, read: ReadVersion): Left | undefined {
  return read(tag) ? undefined : "not-a-version";
}

function candidateFault({ tag, digest }: Candidate): Left | undefined {
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
