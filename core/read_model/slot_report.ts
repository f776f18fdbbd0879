import { type HistoryEntry, lastEntry } from "../requests/history.ts";
import { bareUrl, isOci } from "../versions/chart_repository.ts";
import { runs } from "../versions/compare.ts";
import type { Slot } from "../plugin.ts";
import { activeHolds, byWhom } from "../requests/holds.ts";
import { groupOf } from "../workloads/slot_group.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import { GATES } from "../lifecycle/gates.ts";
import { targetOf, type Workload } from "../workloads/workload.ts";
import { knownVersions } from "./known_versions.ts";
import { reportVersions, type VersionReport } from "./version_report.ts";
import { type RangeReport, reasonForNone, reportRange } from "./range_report.ts";
import { type Readings, unreadOf } from "./poll_failures.ts";
import type { RegistryAnswer } from "./registry_versions.ts";
import { type Action, resumeOf } from "./current_holds.ts";

export interface ReportInput {
  workload: Workload;
  slot: Slot;
  /** Those of the workload. */
  requests: readonly UpdateRequest[];
  /** Undefined where nothing that it could say matters. */
  registry: RegistryAnswer | undefined;
  /** What Headwind told of its polls. */
  readings?: Readings;
  /** Says how that is done. */
  advise(action: Action): string;
  now: Date;
}

/** What there is to say of one container, or of what else holds a version. */
export interface SlotReport {
  container: string;
  type: Slot["type"];
  /** The image, or the chart with its version. */
  image: string;
  /** URL of the repository that a chart comes from. */
  source?: string;
  /** The change that brought in what runs, where that was Headwind's. */
  change?: HistoryEntry;
  /** The containers that move together with it: one request is for all of them. */
  together?: string[];
  /** What holds every version, by whom and why, with the command that lets go. */
  held?: string;
  /** Why no version at all is taken, in a sentence; absent where each has its own reason. */
  nothing?: string;
  range?: RangeReport;
  /** `tags` is how many versions it lists. */
  registry?: { tags?: number; unreachable?: string; warnings: string[] };
  /** What Headwind's own polls cannot read. */
  unread?: { reading: string; message: string; at: string }[];
  /** The highest first. */
  versions: VersionReport[];
}

/** Why each version of a container is taken or not. Pure. */
export function reportSlot(input: ReportInput): SlotReport {
  const { workload, slot, registry, readings = new Map() } = input;
  const last = lastEntry(workload.annotations.history, slot.name);
  const nothing = reasonForNone(workload, slot);
  const candidates = knownVersions(input);
  const range = reportRange(slot, candidates);
  const others = nothing ? [] : groupOf(workload.slots, slot).filter((other) => other !== slot);
  const held = nothing ? undefined : whollyHeld(input);
  const unread = unreadOf({ workload, slot }, readings).map(({ reading, message, at }) => ({ reading, message, at }));
  return {
    container: slot.name,
    type: slot.type,
    image: slot.current,
    ...(slot.source ? { source: isOci(slot.source.url) ? slot.source.url : bareUrl(slot.source.url) } : {}),
    ...(last && runs(slot.current, last.image) ? { change: last } : {}),
    ...(others.length > 0 ? { together: others.map(({ name }) => name) } : {}),
    ...(held ? { held } : {}),
    ...(nothing ? { nothing } : {}),
    ...(range ? { range } : {}),
    ...(registry ? { registry: summaryOf(registry) } : {}),
    ...(unread.length > 0 ? { unread } : {}),
    versions: reportVersions(candidates, input),
  };
}

/** What is held whatever the version, which no version says while none is offered. */
function whollyHeld({ workload, slot, requests, advise }: ReportInput): string | undefined {
  const holdAll = workload.settings?.verification.holdAll;
  for (const one of groupOf(workload.slots, slot)) {
    const active = activeHolds(workload, one, requests);
    const hold = active.find(({ image }) => image === undefined) ?? (holdAll ? active[0] : undefined);
    if (!hold) continue;
    const resume = advise(resumeOf({ workload, slot: one, image: hold.image ?? one.current, active }));
    return `every version is held${byWhom(hold)}: ${hold.reason}; none is offered until a person resumes: ${resume}`;
  }
}

function summaryOf(answer: RegistryAnswer): NonNullable<SlotReport["registry"]> {
  const { warnings } = answer;
  if ("unreachable" in answer) return { unreachable: answer.unreachable, warnings };
  if ("versions" in answer) return { tags: answer.versions.length, warnings };
  return { warnings: answer.digest ? warnings : [...warnings, `the registry has no tag ${answer.followed}`] };
}

/** The annotations whose words come first; those of other gates follow. */
const first = ["policy", "require-approval", "event-source"];

/** What holds for all versions of a workload, a few words each. */
export function describeGates({ settings }: Workload): string[] {
  if (!settings) return [];
  const { policy, eventSource, verification } = settings;
  const hears = eventSource === "none"
    ? "hears of nothing (event-source none)"
    : `hears of versions by ${eventSource === "both" ? "webhook and polling" : eventSource}`;
  const words: [annotation: string, words: string | undefined][] = [
    ["policy", `policy ${policy.name}${policy.pattern ? ` ${policy.pattern}` : ""}`],
    ["event-source", hears],
    ...GATES.map(({ name, annotation = name, describe }): [string, string | undefined] => [
      annotation,
      describe?.(settings),
    ]),
    ["auto-rollback", verification.autoRollback ? "auto-rollback" : undefined],
  ];
  const rank = (annotation: string) => first.includes(annotation) ? first.indexOf(annotation) : first.length;
  return words.sort(([a], [b]) => rank(a) - rank(b)).flatMap(([, words]) => words ?? []);
}

/** What `-o json` says of the workload itself. */
export function describeWorkload(workload: Workload) {
  const { settings, mistakes, warnings, notes, carrier } = workload;
  return {
    workload: targetOf(workload),
    ...(settings
      ? {
        policy: settings.policy,
        requireApproval: settings.requireApproval,
        minUpdateInterval: settings.minUpdateInterval,
        eventSource: settings.eventSource,
      }
      : {}),
    mistakes: mistakes.map(({ message }) => message),
    doubts: warnings.map(({ message }) => message),
    notes: notes.map(({ reason, message }) => ({ reason, message })),
    ...(carrier
      ? { writtenIn: { kind: carrier.resource.kind, namespace: carrier.namespace, name: carrier.name } }
      : {}),
  };
}
