import { isOneGroup, type SlotGroup } from "../workloads/slot_group.ts";
import { containersOf, isFor, namesText } from "../requests/containers.ts";
import { decide, type PolicyResult } from "../policy/decide.ts";
import { isRange, lowestOf } from "../versions/range.ts";
import {
  compareReferences,
  isLowerReference,
  isSameVersion,
  readAs,
  runs,
  sameRepository,
} from "../versions/compare.ts";
import type { Hold } from "../requests/holds.ts";
import type { Slot } from "../plugin.ts";
import type { StatusUpdate } from "./step.ts";
import { isByHand, isProposal, seenAt, typeOf, type UpdateRequest } from "../requests/update_request.ts";
import type { Reason } from "../requests/reasons.ts";
import { versionIn } from "../versions/slot_reference.ts";
import { acceptsSource, includesSlot } from "../workloads/event_sources.ts";
import type { Workload } from "../workloads/workload.ts";
import type { WorkloadSettings } from "../workloads/annotations.ts";

/**
 * Whether the workload has moved, or its annotations say now, that a request is not to be applied any more: what a person
 * approved too, since what is set after that is the later word. `slots` are those of its containers that are left to be moved:
 * what was to move together, and does not run one version any more, is not what was approved. `held` are the holds on them: where
 * what ran before was rolled back, newer versions are still wanted.
 */
export function obsoleteStatus(
  request: UpdateRequest,
  workload: Workload,
  slots: SlotGroup,
  held: readonly Hold[] = [],
): StatusUpdate | undefined {
  const { spec } = request;
  const apart = movedApart(request, slots);
  if (apart) return { phase: "Superseded", reason: "MovedApart", message: apart };
  const [slot] = slots;
  const moved = !runs(slot.current, spec.currentImage);
  const running = runningOf(slot, spec.newImage);
  if (isLowerReference(slot.type, spec.newImage, running)) {
    return moved ? { phase: "Superseded", reason: "Newer", message: `${slot.name} runs ${running}, which is newer` } : {
      phase: "Failed",
      reason: "Downgrade",
      message: `${spec.newImage} is lower than ${running}: only a rollback lowers`,
    };
  }
  const rolledBack = held.some(({ image }) => image !== undefined && isSameVersion(image, spec.currentImage));
  if (moved && !rolledBack && isLowerReference(slot.type, slot.current, spec.currentImage)) {
    const message = `${slot.name} was moved back to ${slot.current} since: left as it is`;
    return { phase: "Superseded", reason: "MovedBack", message };
  }
  if (!spec.sighting || !sameRepository(slot.current, spec.newImage) || isOtherForm(spec.newImage, slot)) {
    if (!moved) return undefined;
    const message = `${slot.name} runs ${slot.current}, not ${spec.currentImage} as the request says`;
    return { phase: "Superseded", reason: "Moved", message };
  }
  const { settings, mistakes } = workload;
  const ended = (reason: Reason, message: string): StatusUpdate => ({ phase: "Superseded", reason, message });
  if (!settings) {
    return mistakes.length > 0 ? undefined : ended("Unmanaged", "the workload has no headwind.sh annotations any more");
  }
  const decision = judgeVersion(settings, slot, spec.newImage, { isHint: !spec.sighting.trusted });
  if (!decision.wanted) return ended("PolicyRefuses", `not wanted any more: ${decision.message}`);
  if (!includesSlot(settings, slot)) {
    return ended("ImageLeftOut", `not wanted any more: headwind.sh/images leaves ${slot.current} out`);
  }
  const { via } = spec.sighting;
  if (!acceptsSource(settings, via)) {
    return ended(
      "EventSourceRefuses",
      `not wanted any more: ${via} brought it, and event-source is ${settings.eventSource}`,
    );
  }
  return undefined;
}

/** Why the containers of a request do not move together any more, in a sentence. */
function movedApart(request: UpdateRequest, slots: SlotGroup): string | undefined {
  const names = containersOf(request);
  const [first] = slots;
  const other = slots.find((slot) => !isOneGroup([first, slot]));
  if (names.length === 1 || !other) return undefined;
  return `${
    namesText(names)
  } were to move together, and ${first.name} runs ${first.current} now, ${other.name} ${other.current}`;
}

/** What the policy says of one version beside what runs; of a range of versions what it says of the lowest in it. */
export function judgeVersion(
  { policy }: Pick<WorkloadSettings, "policy">,
  slot: Slot,
  image: string,
  { isHint = false }: { isHint?: boolean } = {},
): PolicyResult {
  const { type } = slot;
  const { tag = "", digest } = readAs(slot, image) ?? {};
  const candidate = {
    tag: type === "chart" && isRange(tag) ? lowestOf(tag)?.text ?? tag : tag,
    ...(digest ? { digest } : {}),
  };
  const current = readAs(slot, slot.current) ?? {};
  return decide({ policy, type, current, candidates: [candidate], complete: isHint });
}

/** What a slot holds; where that is a range, and a version is asked for, the version that the range stands for now. */
function runningOf(slot: Slot, wanted: string): string {
  const { type, current, prefix, resolved } = slot;
  if (type !== "chart" || resolved === undefined || isRange(versionIn(slot, wanted))) return current;
  return `${prefix}${resolved}`;
}

/** Whether one is a range of chart versions and the other a version. */
const isOtherForm = (wanted: string, slot: Slot): boolean =>
  slot.type === "chart" && isRange(versionIn(slot, wanted)) !== isRange(versionIn(slot, slot.current));

/**
 * The request that makes `request` needless, if there is one among `others`: a newer one for its container, and for each of its
 * others one too.
 */
export function supersededBy(
  request: UpdateRequest,
  others: readonly UpdateRequest[],
  confirmed: (request: UpdateRequest) => boolean,
): UpdateRequest | undefined {
  if (request.spec.decision?.approved) return undefined;
  const successors = containersOf(request).map((container) =>
    others.find((other) =>
      other !== request &&
      isFor(other, container) &&
      other.spec.decision?.approved !== false &&
      confirmed(other) &&
      // no reason to withhold what Headwind has found
      (isByHand(request) || !isProposal(other)) &&
      newer(other, request)
    )
  );
  return successors.includes(undefined) ? undefined : successors[0];
}

/** By version where the two have an order, else by when they were seen; the name settles a tie. */
function newer(a: UpdateRequest, b: UpdateRequest): boolean {
  const byVersion = compareReferences(typeOf(a), a.spec.newImage, b.spec.newImage);
  if (byVersion) return byVersion > 0;
  const [seenA, seenB] = [seenAt(a), seenAt(b)];
  return seenA === seenB ? a.metadata.name > b.metadata.name : seenA > seenB;
}
