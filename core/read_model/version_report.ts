import { definitionOf } from "../policy/policies.ts";
import { decide, type PolicyInput } from "../policy/decide.ts";
import { explain, type Verdict } from "../policy/explain.ts";
import { activeHolds, byWhom, heldForAny } from "../requests/holds.ts";
import { GATES } from "../lifecycle/gates.ts";
import { isFor } from "../requests/containers.ts";
import { isRange } from "../versions/range.ts";
import { isResolved, rangeOf, reasonForNone } from "./range_report.ts";
import { isSameVersion, readAs, runs } from "../versions/compare.ts";
import { canRecreate } from "../requests/recreate.ts";
import { movedTo } from "../versions/slot_reference.ts";
import { supersedesRecreated } from "../lifecycle/recreated_request.ts";
import { resumeOf } from "./current_holds.ts";
import { versionText } from "../versions/version_text.ts";
import type { Candidate } from "../policy/policy.ts";
import type { Phase } from "../requests/phases.ts";
import { conditionOf, isFinished, type UpdateRequest } from "../requests/update_request.ts";
import type { WorkloadSettings } from "../workloads/annotations.ts";
import type { Slot } from "../plugin.ts";
import { groupOf } from "../workloads/slot_group.ts";
import type { ReportInput } from "./slot_report.ts";

/** Where a version stands: what runs, what is filtered out, what nobody has told Headwind of, or as its request says. */
export type State =
  | "runs"
  | "filtered"
  | "unseen"
  | "waits"
  | "approved"
  | "verifying"
  | "held"
  | "rejected"
  | "failed"
  | "rolled back"
  | "superseded"
  | "expired"
  | "left";

/** What becomes of one version, and why. */
export interface VersionReport {
  version: string;
  state: State;
  /** For programs: the policy's rule, or the reason in the request's conditions. */
  rule: string;
  /** A sentence. */
  why: string;
  updateRequest?: string;
}

const states: Record<Phase, State> = {
  Pending: "waits",
  Approved: "approved",
  Verifying: "verifying",
  Completed: "left",
  Rejected: "rejected",
  Failed: "failed",
  RolledBack: "rolled back",
  Superseded: "superseded",
  Held: "held",
  Expired: "expired",
};
const endedForGood: readonly Phase[] = ["Rejected", "Failed", "Expired"];
/** Characters of a digest: its algorithm, and enough to tell it from others. */
const digestShown = 19;

/** What becomes of each of these versions, in their order. Pure. */
export function reportVersions(candidates: readonly Candidate[], input: ReportInput): VersionReport[] {
  const { workload, slot, registry } = input;
  const { settings } = workload;
  const [current, range] = [readAs(slot, slot.current), rangeOf(slot)];
  const isJudged = reasonForNone(workload, slot) === undefined &&
    (range === undefined || settings !== undefined && definitionOf(settings.policy).raisesRanges);
  if (!settings || !current || !isJudged) {
    return candidates.flatMap((candidate) =>
      reportVersion(candidate, undefined, resolvedWords(candidate, slot), input) ?? []
    );
  }
  const { noCharts = [], chart, versions = [] } = registry && "versions" in registry ? registry : {};
  const listed = new Set(versions.map(({ tag }) => tag));
  // only requests and holds name ranges: what is published under such a name is a version
  const isOne = (tag: string) => listed.has(tag) || slot.type !== "chart" || !isRange(tag);
  const choice = candidates.filter(({ tag }) => !noCharts.includes(tag) && isOne(tag));
  const asked: PolicyInput = { policy: settings.policy, type: slot.type, current, candidates: choice, complete: true };
  const { wanted, verdicts } = decide(asked);
  const better = verdicts.find(({ taken }) => taken)?.candidate.tag;
  const judged = new Map(verdicts.map((verdict) => [verdict.candidate, verdict]));
  return candidates.flatMap((candidate) => {
    const { tag } = candidate;
    const verdict = judged.get(candidate);
    if (noCharts.includes(tag)) return notAChart(tag);
    if (!verdict) return wanted?.tag === tag ? [] : reportVersion(candidate, undefined, "", input) ?? [];
    const words = resolvedWords(candidate, slot) ||
      explain(verdict, asked, better) + ifNamed(verdict, asked, settings) +
        (range !== undefined && verdict.taken ? `, ${wanted!.tag}` : "") +
        (chart === tag ? "; it is a chart" : "");
    return reportVersion(verdict.taken ? wanted! : candidate, verdict, words, input, candidate) ?? [];
  });
}

function resolvedWords({ tag }: Candidate, slot: Slot): string {
  return isResolved(slot, tag) ? `${tag} is what the range ${rangeOf(slot)} stands for now` : "";
}

const notAChart = (tag: string): VersionReport => ({
  version: tag,
  state: "filtered",
  rule: "not-a-chart",
  why: `what the registry has under ${tag} is no chart`,
});

/** What has no order in a list of all tags is taken when a webhook names it, since somebody has just pushed it then. */
function ifNamed({ why, candidate }: Verdict, asked: PolicyInput, { eventSource }: WorkloadSettings): string {
  const hears = eventSource === "webhook" || eventSource === "both";
  if (why !== "no-order" || !hears) return "";
  const alone = decide({ ...asked, candidates: [candidate], complete: false });
  return alone.wanted ? "; it is taken when a webhook names it" : "";
}

/**
 * None where there is nothing to say of a version: no policy judges it, and it has no request. What would be written for
 * a version is another one where that makes a new range.
 */
function reportVersion(
  written: Candidate,
  verdict: Verdict | undefined,
  words: string,
  input: ReportInput,
  candidate = written,
): VersionReport | undefined {
  const { workload, slot, requests } = input;
  const image = imageOf(slot, written);
  const request = image === undefined ? undefined : lastOf(requests, slot.name, image);
  const fate = (state: State, rule: string, why: string): VersionReport => ({
    version: candidate.tag + (candidate.digest ? `@${candidate.digest.slice(0, digestShown)}` : ""),
    state,
    rule,
    why,
    ...(request ? { updateRequest: request.metadata.name } : {}),
  });
  if (request && !isFinished(request)) return standing(request, input, fate);
  const itRuns = isResolved(slot, candidate.tag) ||
    (image !== undefined && runs(slot.current, image) && verdict?.why !== "digest-pinned");
  if (!verdict && !request && !isResolved(slot, candidate.tag)) return undefined;
  if (itRuns || verdict?.why === "same") return fate("runs", "same", words || "it is what runs");
  if (verdict && !verdict.taken && verdict.why !== "superseded-by-better") return fate("filtered", verdict.why, words);
  const hold = image === undefined ? undefined : heldForAny(workload, groupOf(workload.slots, slot), image, requests);
  if (hold) {
    const whole = hold.image === undefined || !isSameVersion(hold.image, image!) ? ", with all others" : "";
    return fate("held", "VersionHeld", `held${byWhom(hold)}${whole}: ${hold.reason}${untilResumed(image!, input)}`);
  }
  if (request && !(verdict && canRecreate(request, { workload, slot }))) {
    if (verdict?.why !== "superseded-by-better" || request.status?.phase !== "Superseded") {
      return standing(request, input, fate);
    }
  }
  if (!verdict) return undefined;
  if (!verdict.taken) return fate("filtered", verdict.why, words);
  const [rule, why] = unseen(words, input);
  return fate("unseen", rule, why);
}

/** What its request says, and by which command that may be changed. */
function standing(
  request: UpdateRequest,
  input: ReportInput,
  fate: (state: State, rule: string, why: string) => VersionReport,
): VersionReport {
  const { metadata, status, spec } = request;
  const { phase = "Pending", message = "Headwind has not looked at its request yet" } = status ?? {};
  const telling = phase === "Verifying" ? "Healthy" : "Applied";
  const rule = conditionOf(request, telling)?.reason ?? phase;
  if (phase === "Completed") return fate("left", rule, "it ran before, and was left: not offered again");
  const next = endedForGood.includes(phase)
    ? `; not offered again, ${howAnew(request, input)}`
    : GATES.find(({ reason }) => reason === rule)?.opensBy === "approval"
    ? `: ${input.advise({ type: "approve", updateRequest: metadata.name })}`
    : phase === "Held"
    ? untilResumed(spec.newImage, input)
    : "";
  return fate(states[phase], rule, (next ? message.replace(saysUntilResumed, "") : message) + next);
}

/** How a request's own message ends, which is said here with the command that resumes, or makes anew. */
const saysUntilResumed = /; not offered again until a person resumes$/;

function untilResumed(image: string, { workload, slot, requests, advise }: ReportInput): string {
  const active = activeHolds(workload, slot, requests);
  if (active.length === 0) return "";
  return `; not offered until a person resumes: ${advise(resumeOf({ workload, slot, image, active }))}`;
}

/** A request that is made anew gives way at once to what is newer and stands. */
function howAnew(request: UpdateRequest, { requests, advise }: ReportInput): string {
  const retry = advise({ type: "retry", updateRequest: request.metadata.name });
  const newer = supersedesRecreated(request, requests);
  return newer
    ? `unless ${versionText(newer.spec.newImage)}, which is newer, is rejected: then by ${retry}`
    : `but by ${retry}`;
}

/** Why a version that the policy takes has no request. */
function unseen(words: string, { workload, now }: ReportInput): [rule: string, why: string] {
  const { eventSource } = workload.settings!;
  const heard = {
    webhook: "but no webhook has told Headwind of it (event-source is webhook)",
    polling: "and the next poll offers it",
    both: "and the next poll or webhook offers it",
    none: "but nothing may tell Headwind of it (event-source is none)",
  }[eventSource];
  const then = GATES.flatMap((gate) => gate.forecast?.(workload, now.getTime()) ?? []);
  const rule = eventSource === "polling" || eventSource === "both" ? "NotPolledYet" : "NotToldOf";
  return [rule, [`${words}, ${heard}`, ...then].join("; ")];
}

function imageOf(slot: Slot, candidate: Candidate): string | undefined {
  try {
    return movedTo(slot, candidate);
  } catch {
    return undefined;
  }
}

/** Requests of a mutable tag have many digests: the last is meant. */
function lastOf(requests: readonly UpdateRequest[], container: string, image: string): UpdateRequest | undefined {
  return requests.filter((request) => isFor(request, container) && isSameVersion(request.spec.newImage, image))
    .sort((a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp))[0];
}
