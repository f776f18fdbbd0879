import { appliedAt } from "./after_apply.ts";
import type { Lookup, Situation } from "./step.ts";
import type { StatusUpdate } from "./step.ts";
import { conditionOf, seenAt, type UpdateRequest, waitingPhase } from "../requests/update_request.ts";

/** How long a version may be told of before the registry shows it, in milliseconds: replication takes its time. */
const ABSENT_FOR_MS = 600_000;

/** How long the registry may show a tag at another digest than a proven webhook told of: until all of its replicas know of the push. */
const MOVED_FOR_MS = 15_000;

type Known = Pick<Situation, "lookups" | "workload" | "trust">;

/** Whether the registry has to say that it has the version, before it counts. What a poll has found, it has said. */
function needsRegistry({ spec: { sighting } }: UpdateRequest, { trust }: Known): boolean {
  if (!sighting) return false;
  return !sighting.trusted || (trust === "registry" && sighting.via === "webhook");
}

/** Whether the version is known to exist. */
export function isConfirmed(request: UpdateRequest, situation: Known): boolean {
  if (!needsRegistry(request, situation)) return true;
  if (situation.lookups.get(request.metadata.uid) === "found" || wasApplied(request, situation.workload)) return true;
  return conditionOf(request, "Confirmed")?.status === "True";
}

/** What Headwind applied it had confirmed, though a kill kept it from writing that down. */
const wasApplied = (request: UpdateRequest, workload: Situation["workload"]): boolean =>
  typeof workload !== "string" && appliedAt(request, workload) !== undefined;

/** What to write down of it. */
export function confirmationOf(request: UpdateRequest, situation: Known): Pick<StatusUpdate, "confirmed"> {
  if (!needsRegistry(request, situation)) return {};
  const lookup = situation.lookups.get(request.metadata.uid);
  if (lookup === "absent") return { confirmed: "False" };
  if (typeof lookup === "object") return { confirmed: "moved" in lookup ? "False" : "Unknown" };
  return isConfirmed(request, situation) ? { confirmed: "True" } : {};
}

/** How long a version waits for what the registry says of a newer one, so that nobody can have it wait for ever. */
export const PATIENCE_MS = 10_000;

/** Whether the registry is asked for the first time, of what a webhook has proven: what it says will be known soon. */
export function isFirstAsked(request: UpdateRequest, situation: Known): boolean {
  if (!request.spec.sighting?.trusted) return false;
  const said = conditionOf(request, "Confirmed") !== undefined;
  const lookup = situation.lookups.get(request.metadata.uid);
  return !said && !isConfirmed(request, situation) && (lookup === undefined || lookup === "asked");
}

/** The status of a request whose version the registry does not have; undefined where it may still come. */
export function refutedStatus(
  request: UpdateRequest,
  lookup: Lookup | undefined,
  now: number,
): StatusUpdate | undefined {
  const { newImage, sighting } = request.spec;
  const mayCome = (ms: number) => sighting?.trusted === true && now < seenAt(request) + ms;
  if (typeof lookup === "object" && "moved" in lookup) {
    if (mayCome(MOVED_FOR_MS)) return undefined;
    const message = `the registry has that tag at ${lookup.moved}, not at the digest that the webhook told of`;
    return { phase: "Superseded", reason: "TagMoved", message };
  }
  if (lookup !== "absent") return undefined;
  if (mayCome(ABSENT_FOR_MS)) return undefined;
  return { phase: "Failed", reason: "NotInRegistry", message: `the registry has no ${newImage}` };
}

/** The status of a request that waits for the registry's word. */
export function unconfirmedStatus(request: UpdateRequest, lookup: Lookup): StatusUpdate {
  const { newImage } = request.spec;
  const phase = waitingPhase(request);
  if (lookup === "absent") {
    const message = `a webhook told of ${newImage}, and the registry does not have it yet: it is asked again`;
    return { phase, reason: "NotInRegistryYet", message };
  }
  if (typeof lookup === "object" && "moved" in lookup) {
    const message =
      `a webhook told of ${newImage}, and the registry has that tag at ${lookup.moved}: it is asked again`;
    return { phase, reason: "NotInRegistryYet", message };
  }
  const why = typeof lookup === "object" && "unavailable" in lookup ? lookup.unavailable : "";
  const message = `the registry is to confirm ${newImage} first, and cannot be asked: ${why}`;
  return { phase, reason: "RegistryUnavailable", message };
}

/** Milliseconds after which the registry is asked again: the less often, the longer it is without a version. */
export function askAgainAfter(request: UpdateRequest, lookup: Lookup, now: number): number {
  const age = lookup === "absent" ? now - seenAt(request) : 0;
  return Math.min(120_000, Math.max(15_000, age / 2));
}
