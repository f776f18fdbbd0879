import { decisionText } from "../requests/decision_text.ts";
import { isByHand, type UpdateRequest } from "../requests/update_request.ts";
import type { Phase } from "../requests/phases.ts";

/** Something that happened to a request. */
export interface TimelineEntry {
  /** RFC 3339; absent where nobody wrote down when. */
  at?: string;
  /** What happened, in a word or two. */
  what: string;
  /** Where it stood from then on. */
  phase?: Phase;
  /** A person, or Headwind. */
  actor: string;
  /** The way it came: `webhook (dockerhub)`, `dashboard`. */
  way?: string;
  /** In a word, as `status.reason` has it. */
  reason?: string;
  /** In a sentence, or as a person wrote it. */
  message?: string;
}

const HEADWIND = "Headwind";

/** What happened to a request, the first first: that it was made, what a person said, and each of its steps. Pure. */
export function updateTimeline(request: UpdateRequest): TimelineEntry[] {
  const { spec: { decision }, status } = request;
  const steps = (status?.steps ?? []).map(({ at, phase, reason, message }): TimelineEntry => ({
    at,
    what: phase,
    phase,
    actor: HEADWIND,
    reason,
    message,
  }));
  if (!decision) return [made(request), ...steps];
  const { approved, by, via, reason } = decision;
  // the step that follows from it says nothing else
  const isSame = ({ message = "" }: TimelineEntry) => message.startsWith(decisionText(decision));
  const at = (approved ? status?.approvedAt : status?.rejectedAt) ?? steps.find(isSame)?.at;
  const said: TimelineEntry = {
    ...(at === undefined ? {} : { at }),
    what: approved ? "approved" : "rejected",
    actor: by,
    ...(via === undefined ? {} : { way: via }),
    ...(reason === undefined ? {} : { message: reason }),
  };
  const others = steps.filter((step) => !isSame(step));
  const where = others.findIndex((step) => at !== undefined && step.at !== undefined && step.at >= at);
  const before = where < 0 ? others.length : where;
  return [made(request), ...others.slice(0, before), said, ...others.slice(before)];
}

function made(request: UpdateRequest): TimelineEntry {
  const { spec: { sighting, madeBy, reason }, metadata } = request;
  const why = reason === undefined ? {} : { message: reason };
  if (isByHand(request) || !sighting) {
    return { at: metadata.creationTimestamp, what: "made by hand", actor: madeBy ?? "a person", ...why };
  }
  return {
    at: sighting.at,
    what: "seen",
    actor: HEADWIND,
    way: `${sighting.via} (${sighting.trigger})`,
    ...why,
  };
}
