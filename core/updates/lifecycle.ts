import { decide } from "../policy/decide.ts";
import { gates } from "./gates.ts";
import { lastEntry } from "./history.ts";
import { lower, readImage, runs, sameRepository } from "./compare.ts";
import type { Slot } from "../plugin.ts";
import { apiVersionOf, type Workload } from "../match/workload.ts";
import { supersededBy } from "./supersede.ts";
import { FINISHED, type Phase, type TargetRef, type UpdateRequest } from "./update_request.ts";

/** What the registry said of a version that an untrusted webhook named. */
export type Lookup = "found" | "absent" | { unavailable: string };

/** All that the next step of a workload's requests follows from. */
export interface Situation {
  /** The unfinished requests of one workload. */
  requests: readonly UpdateRequest[];
  workload: Workload | "missing" | "unknown kind";
  /** Milliseconds since 1970. */
  now: number;
  /** By uid of the request; what was asked in this pass. */
  lookups: ReadonlyMap<string, Lookup>;
}

/** What is to be written down of a request: where it stands, and why. */
export interface Standing {
  phase: Phase;
  /** In CamelCase, for conditions, Events and metrics. */
  reason: string;
  /** A sentence for people. */
  message: string;
  /** Whether the registry was asked and knows the version; undefined where it need not be asked. */
  confirmed?: "True" | "False" | "Unknown";
}

export type Step =
  | { type: "look up"; request: UpdateRequest }
  | { type: "apply"; request: UpdateRequest; workload: Workload; slot: Slot; from: string }
  | { type: "stand"; request: UpdateRequest; standing: Standing; until?: number };

/**
 * The step that each unfinished request of a workload is to take next: look its version up, apply it, or stand where
 * `standing` says (finished, or waiting until a time or a change). Pure; doing a step and asking again gives the next one.
 */
export function nextSteps(situation: Situation): Step[] {
  const steps = [...situation.requests].sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1)
    .map((request) => nextStepAlone(request, situation));
  const rivals = steps.filter((step) => !isFruitless(step)).map(({ request }) => request);
  return steps.map((step) => {
    if (isEnd(step)) return step;
    const successor = supersededBy(step.request, rivals, (other) => isConfirmed(other, situation));
    if (!successor) return step;
    const message = `${successor.spec.newImage} is newer, see ${successor.metadata.name}`;
    return standingAt(step.request, situation, "Superseded", "Newer", message);
  });
}

const isEnd = (step: Step) => step.type === "stand" && FINISHED.includes(step.standing.phase);
/** It ends without its version: what ends so makes no other request needless. */
const isFruitless = (step: Step) => isEnd(step) && step.type === "stand" && step.standing.phase !== "Completed";

function standingAt(
  request: UpdateRequest,
  situation: Situation,
  phase: Phase,
  reason: string,
  message: string,
): Step {
  return { type: "stand", request, standing: { phase, reason, message, ...confirmation(request, situation) } };
}

/** The next step of a request as if there were no other. */
function nextStepAlone(request: UpdateRequest, situation: Situation): Step {
  const { workload, now } = situation;
  const { spec } = request;
  const stand = (phase: Phase, reason: string, message: string): Step =>
    standingAt(request, situation, phase, reason, message);
  const target = `${spec.targetRef.kind} ${spec.targetRef.namespace}/${spec.targetRef.name}`;

  if (spec.targetRef.namespace !== request.metadata.namespace) {
    return stand(
      "Failed",
      "OtherNamespace",
      `targetRef.namespace is not the request's own, ${request.metadata.namespace}`,
    );
  }
  if (workload === "unknown kind" || (workload !== "missing" && !isOfKind(workload, spec.targetRef))) {
    const kind = `${spec.targetRef.apiVersion} ${spec.targetRef.kind}`;
    return stand("Failed", "UnknownKind", `targetRef names ${kind}, which no workload plugin serves`);
  }
  if (workload === "missing") return stand("Failed", "TargetNotFound", `${target} does not exist`);
  const slot = workload.slots.find(({ name }) => name === spec.containerName);
  if (!slot) return stand("Failed", "ContainerNotFound", `${target} has no container ${spec.containerName}`);
  if (!readImage(spec.newImage)) {
    return stand("Failed", "InvalidImage", `newImage ${spec.newImage} is no image reference`);
  }
  if (runs(slot.current, spec.newImage)) return stand("Completed", "Applied", `${slot.name} runs ${spec.newImage}`);
  if (spec.decision?.approved === false) {
    const why = spec.decision.reason ? `: ${spec.decision.reason}` : "";
    return stand("Rejected", "Rejected", `rejected by ${spec.decision.by}${why}`);
  }
  if (spec.expiresAt && Date.parse(spec.expiresAt) <= now) {
    return stand("Expired", "Expired", `not applied before it expired at ${spec.expiresAt}`);
  }
  if (situation.lookups.get(request.metadata.uid) === "absent") {
    return stand("Failed", "NotInRegistry", `the registry has no ${spec.newImage}`);
  }
  const obsolete = noLongerWanted(request, workload, slot);
  if (obsolete) return stand(obsolete.phase, obsolete.reason, obsolete.message);

  if (!isConfirmed(request, situation)) {
    const lookup = situation.lookups.get(request.metadata.uid);
    if (lookup === undefined) return { type: "look up", request };
    const why = typeof lookup === "object" ? lookup.unavailable : "";
    return stand(
      "Pending",
      "RegistryUnavailable",
      `the webhook proved nothing and the registry cannot be asked: ${why}`,
    );
  }
  const gate = gates(request, workload, now);
  if (gate) {
    const step = stand(spec.decision ? "Approved" : "Pending", gate.reason, gate.message);
    return step.type === "stand" && gate.until !== undefined ? { ...step, until: gate.until } : step;
  }
  if (spec.decision && request.status?.phase !== "Approved") {
    return stand("Approved", "Approved", `approved by ${spec.decision.by}, to be applied`);
  }
  return { type: "apply", request, workload, slot, from: slot.current };
}

function isOfKind({ plugin }: Workload, { apiVersion, kind }: TargetRef): boolean {
  return plugin.resource.kind === kind && apiVersionOf(plugin.resource) === apiVersion;
}

/** Whether the workload has moved, or its annotations say now, that the request is not to be applied. */
function noLongerWanted(
  request: UpdateRequest,
  workload: Workload,
  slot: Slot,
): { phase: Phase; reason: string; message: string } | undefined {
  const { spec } = request;
  const moved = !runs(slot.current, spec.currentImage);
  if (lower(spec.newImage, slot.current)) {
    return moved
      ? { phase: "Superseded", reason: "Newer", message: `${slot.name} runs ${slot.current}, which is newer` }
      : {
        phase: "Failed",
        reason: "Downgrade",
        message: `${spec.newImage} is lower than ${slot.current}: only a rollback lowers`,
      };
  }
  if (moved && lower(slot.current, spec.currentImage)) {
    const message = `${slot.name} was moved back to ${slot.current} since: left as it is`;
    return { phase: "Superseded", reason: "MovedBack", message };
  }
  if (!spec.sighting || !sameRepository(slot.current, spec.newImage)) {
    if (!moved) return undefined;
    const message = `${slot.name} runs ${slot.current}, not ${spec.currentImage} as the request says`;
    return { phase: "Superseded", reason: "Moved", message };
  }
  if (spec.decision?.approved) return undefined;
  if (!workload.settings) {
    if (workload.mistakes.length > 0) return undefined;
    return {
      phase: "Superseded",
      reason: "Unmanaged",
      message: "the workload has no headwind.sh annotations any more",
    };
  }
  const [current, wanted] = [readImage(slot.current), readImage(spec.newImage)];
  const { policy } = workload.settings;
  const candidate = { tag: wanted?.tag ?? "", ...(wanted?.digest ? { digest: wanted.digest } : {}) };
  const decision = decide({ policy, current: current ?? {}, candidates: [candidate], complete: false });
  if (decision.wanted) return undefined;
  return { phase: "Superseded", reason: "PolicyRefuses", message: `not wanted any more: ${decision.message}` };
}

/** Whether the version is known to exist: who said it proved itself, or the registry was asked. */
function isConfirmed(request: UpdateRequest, situation: Situation): boolean {
  const { spec, status, metadata } = request;
  if (!spec.sighting || spec.sighting.trusted) return true;
  if (situation.lookups.get(metadata.uid) === "found" || wasApplied(request, situation.workload)) return true;
  return status?.conditions?.some(({ type, status }) => type === "Confirmed" && status === "True") ?? false;
}

/** What Headwind applied it had confirmed, though a kill kept it from writing that down. */
function wasApplied({ metadata, spec }: UpdateRequest, workload: Situation["workload"]): boolean {
  if (typeof workload === "string" || spec.containerName === undefined) return false;
  return lastEntry(workload.annotations.history, spec.containerName)?.updateRequestName === metadata.name;
}

function confirmation(request: UpdateRequest, situation: Situation): Pick<Standing, "confirmed"> {
  if (!request.spec.sighting || request.spec.sighting.trusted) return {};
  const lookup = situation.lookups.get(request.metadata.uid);
  if (lookup === "absent") return { confirmed: "False" };
  if (typeof lookup === "object") return { confirmed: "Unknown" };
  return isConfirmed(request, situation) ? { confirmed: "True" } : {};
}
