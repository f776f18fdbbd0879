import { type HistoryEntry, lastEntry } from "../../../core/updates/history.ts";
import { bareUrl } from "../../../core/charts/index_url.ts";
import { isOci } from "../../../core/charts/oci.ts";
import { runs } from "../../../core/updates/compare.ts";
import type { Slot } from "../../../core/plugin.ts";
import type { UpdateRequest } from "../../../core/updates/update_request.ts";
import type { Workload } from "../../../core/match/workload.ts";
import type { Advise } from "../command_line.ts";
import { candidatesOf } from "./candidates.ts";
import { type Fate, fatesOf } from "./fate.ts";
import { type RangeStory, rangeStory } from "./range.ts";
import { type Readings, unreadOf } from "./readings.ts";
import type { RegistryAnswer } from "./registry.ts";
import { whyNothing } from "./nothing.ts";

export interface StoryInput {
  workload: Workload;
  slot: Slot;
  /** Those of the workload. */
  requests: readonly UpdateRequest[];
  /** Undefined where nothing that it could say matters. */
  registry: RegistryAnswer | undefined;
  /** What Headwind told of its polls. */
  readings?: Readings;
  advise: Advise;
  now: Date;
}

/** What there is to say of one container, or of what else holds a version. */
export interface Story {
  container: string;
  type: Slot["type"];
  /** The image, or the chart with its version. */
  image: string;
  /** URL of the repository that a chart comes from. */
  source?: string;
  /** The change that brought in what runs, where that was Headwind's. */
  change?: HistoryEntry;
  /** Why no version at all is taken, in a sentence; absent where each has its own reason. */
  nothing?: string;
  range?: RangeStory;
  /** `tags` is how many versions it lists. */
  registry?: { tags?: number; unreachable?: string; warnings: string[] };
  /** What Headwind's own polls cannot read. */
  unread?: { reading: string; message: string; at: string }[];
  /** The highest first. */
  versions: Fate[];
}

/** Why each version of a container is taken or not. Pure. */
export function storyOf(input: StoryInput): Story {
  const { workload, slot, registry, readings = new Map() } = input;
  const last = lastEntry(workload.annotations.history, slot.name);
  const nothing = whyNothing(workload, slot);
  const candidates = candidatesOf(input);
  const range = rangeStory(slot, candidates);
  const unread = unreadOf({ workload, slot }, readings).map(({ reading, message, at }) => ({ reading, message, at }));
  return {
    container: slot.name,
    type: slot.type,
    image: slot.current,
    ...(slot.source ? { source: isOci(slot.source.url) ? slot.source.url : bareUrl(slot.source.url) } : {}),
    ...(last && runs(slot.current, last.image) ? { change: last } : {}),
    ...(nothing ? { nothing } : {}),
    ...(range ? { range } : {}),
    ...(registry ? { registry: summaryOf(registry) } : {}),
    ...(unread.length > 0 ? { unread } : {}),
    versions: fatesOf(candidates, input),
  };
}

function summaryOf(answer: RegistryAnswer): NonNullable<Story["registry"]> {
  const { warnings } = answer;
  if ("unreachable" in answer) return { unreachable: answer.unreachable, warnings };
  if ("versions" in answer) return { tags: answer.versions.length, warnings };
  return { warnings: answer.digest ? warnings : [...warnings, `the registry has no tag ${answer.followed}`] };
}

/** What holds for all versions of a workload, a few words each. */
export function gatesOf({ settings }: Workload): string[] {
  if (!settings) return [];
  const { policy, requireApproval, minUpdateInterval, eventSource, verification } = settings;
  return [
    `policy ${policy.name}${policy.pattern ? ` ${policy.pattern}` : ""}`,
    requireApproval ? "each update wants an approval" : "no approval wanted",
    eventSource === "none"
      ? "hears of nothing (event-source none)"
      : `hears of versions by ${eventSource === "both" ? "webhook and polling" : eventSource}`,
    ...(minUpdateInterval > 0 ? [`${minUpdateInterval} s between updates`] : []),
    ...(verification.autoRollback ? ["auto-rollback"] : []),
  ];
}
