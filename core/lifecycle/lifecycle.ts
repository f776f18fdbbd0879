import { isPending, isProposal, seenAt, type UpdateRequest, waitingPhase } from "../requests/update_request.ts";
import { isFinal } from "../requests/phases.ts";
import { containersOf, namesText } from "../requests/containers.ts";
import { isConfirmed, isFirstAsked, PATIENCE_MS } from "./confirmation.ts";
import { supersededBy } from "./obsolete.ts";
import type { Situation, Step } from "./step.ts";

import { requestStep, statusStep } from "./request_step.ts";

/**
 * The step that each request of a workload is to take next: look its version up, apply it, read the workload's health,
 * roll back, or write its status (finished, or waiting until a time or a change). What is to be done comes
 * before what is to be written. Pure; doing a step and asking again gives the next one.
 */
export function nextSteps(situation: Situation): Step[] {
  const requests = [...situation.requests].sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1);
  const beside = byContainers(situation.requests);
  const steps = requests.flatMap((request) => requestStep(request, { ...situation, requests: beside(request) }) ?? []);
  const competing = byContainers(steps.filter((step) => !endsWithoutVersion(step)).map(({ request }) => request));
  const verifying = steps.find(isVerifying)?.request;
  return steps.map((step): Step => {
    if (isVerifying(step) || isEnd(step) || isHeldStep(step) || step.type === "hold") return step;
    const successor = supersededBy(step.request, competing(step.request), (other) => isConfirmed(other, situation));
    if (successor) {
      const message = `${successor.spec.newImage} is newer, see ${successor.metadata.name}`;
      return statusStep(step.request, situation, { phase: "Superseded", reason: "Newer", message });
    }
    // a newer version that is about to be confirmed spares the workload this one
    const awaited = step.type === "apply" && isJustSeen(step.request, situation) &&
      supersededBy(step.request, competing(step.request), (other) => isFirstAsked(other, situation));
    if (awaited) return { type: "await", what: "registry", request: step.request, until: situation.now + PATIENCE_MS };
    if (step.type !== "apply" || !verifying) return step;
    const phase = waitingPhase(step.request);
    const message = `waits until ${verifying.spec.newImage} of ${namesText(containersOf(verifying))} is verified`;
    return statusStep(step.request, situation, { phase, reason: "Verifying", message });
  }).sort((a, b) => priority(a) - priority(b));
}

/** Those of a request's own containers, in their order: of others' it asks nothing, and a workload may have a hundred. */
function byContainers(requests: readonly UpdateRequest[]): (request: UpdateRequest) => readonly UpdateRequest[] {
  const found = new Map<string, Set<UpdateRequest>>();
  for (const request of requests) {
    for (const name of containersOf(request)) found.set(name, (found.get(name) ?? new Set()).add(request));
  }
  const beside = new Map<string, readonly UpdateRequest[]>();
  return (request) => {
    const names = containersOf(request);
    const key = names.join("\n");
    let own = beside.get(key);
    if (!own) beside.set(key, own = [...new Set(names.flatMap((name) => [...found.get(name) ?? []]))]);
    return own;
  };
}

/**
 * What came of the last change comes first, since the next change hides it; waiting is written down last: what comes
 * before may end it.
 */
function priority(step: Step): number {
  if (step.type === "hold" || isOutcome(step)) return 0;
  if (step.type === "await") return 3;
  if (step.type !== "write status") return 1;
  return isEnd(step) || isVerifying(step) ? 2 : 3;
}

const isJustSeen = (request: UpdateRequest, { now }: Situation) =>
  request.spec.sighting !== undefined && now < seenAt(request) + PATIENCE_MS;
const isHeldStep = (step: Step) => step.type === "write status" && step.statusUpdate.phase === "Held";
const isEnd = (step: Step) => step.type === "write status" && isFinal(step.statusUpdate.phase);
const isOutcome = (step: Step) =>
  step.type === "write status" && step.statusUpdate.appliedAt !== undefined && (isEnd(step) || isHeldStep(step));
/** It ends without its version: what ends so makes no other request needless. */
const endsWithoutVersion = (step: Step) =>
  step.type === "hold" || step.type === "roll back" || isHeldStep(step) ||
  (isEnd(step) && step.type === "write status" && step.statusUpdate.phase !== "Completed");

/** Its version runs, and is not known to be good yet. */
export function isVerifying(step: Step): boolean {
  if (step.type === "write status") return step.statusUpdate.phase === "Verifying";
  if (step.type === "await") return step.what === "checks";
  return step.type === "write samples" || step.type === "read health" || step.type === "mark verified" ||
    step.type === "roll back";
}

/** Of one workload; a step compares each of its requests with all others. */
const MOST_PROPOSALS = 50;

/**
 * The requests of a workload that its next steps follow from: all but proposals beyond the oldest fifty, which come when those before
 * them have ended. Who may make requests by hand makes thousands as easily as one.
 */
export function consideredRequests(requests: readonly UpdateRequest[]): readonly UpdateRequest[] {
  const proposals = requests.filter((request) => isProposal(request) && isPending(request));
  if (proposals.length <= MOST_PROPOSALS) return requests;
  const later = new Set(proposals.sort(byAge).slice(MOST_PROPOSALS));
  return requests.filter((request) => !later.has(request));
}

function byAge({ metadata: a }: UpdateRequest, { metadata: b }: UpdateRequest): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
