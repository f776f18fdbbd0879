import { type HistoryEntry, lastEntry } from "../../../core/updates/history.ts";
import { readImage, runs } from "../../../core/updates/compare.ts";
import type { Slot } from "../../../core/plugin.ts";
import { tracksImage } from "../../../core/annotations.ts";
import type { UpdateRequest } from "../../../core/updates/update_request.ts";
import type { Workload } from "../../../core/match/workload.ts";
import { candidatesOf } from "./candidates.ts";
import { type Fate, fatesOf } from "./fate.ts";
import type { RegistryAnswer } from "./registry.ts";

export interface StoryInput {
  workload: Workload;
  slot: Slot;
  /** Those of the workload. */
  requests: readonly UpdateRequest[];
  /** Undefined where nothing that it could say matters. */
  registry: RegistryAnswer | undefined;
  now: Date;
}

/** What there is to say of one container. */
export interface Story {
  container: string;
  image: string;
  /** The change that brought in what runs, where that was Headwind's. */
  change?: HistoryEntry;
  /** Why no version at all is taken, in a sentence; absent where each has its own reason. */
  nothing?: string;
  registry?: { tags?: number; unreachable?: string; warnings: string[] };
  /** The highest first. */
  versions: Fate[];
}

/** Why each version of a container is taken or not. Pure. */
export function storyOf(input: StoryInput): Story {
  const { workload, slot, registry } = input;
  const last = lastEntry(workload.annotations.history, slot.name);
  const nothing = whyNothing(workload, slot);
  return {
    container: slot.name,
    image: slot.current,
    ...(last && runs(slot.current, last.image) ? { change: last } : {}),
    ...(nothing ? { nothing } : {}),
    ...(registry ? { registry: summaryOf(registry) } : {}),
    versions: fatesOf(candidatesOf(input), input),
  };
}

function summaryOf(answer: RegistryAnswer): NonNullable<Story["registry"]> {
  const { warnings } = answer;
  if ("unreachable" in answer) return { unreachable: answer.unreachable, warnings };
  if ("tags" in answer) return { tags: answer.tags.length, warnings };
  return { warnings: answer.digest ? warnings : [...warnings, `the registry has no tag ${answer.followed}`] };
}

function whyNothing({ settings, mistakes }: Workload, { current, name }: Slot): string | undefined {
  if (mistakes.length > 0) {
    return `its annotations cannot be read: ${mistakes.map(({ message }) => message).join("; ")}`;
  }
  if (!settings) return "Headwind does not look after it: it has no headwind.sh/policy";
  if (settings.policy.name === "none") return "policy none takes nothing";
  if (!readImage(current)) return `the image of ${name} is no image reference`;
  if (!tracksImage(settings, current)) return "headwind.sh/images leaves its image out";
  return undefined;
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
