import { changeText } from "../versions/version_text.ts";
import { containersOf, namesText } from "../requests/containers.ts";
import { handOf, isUndecided, phaseOf, seenAt, typeOf, type UpdateRequest } from "../requests/update_request.ts";
import { NOT_LOOKED_AT, reasonOf, type WaitsFor, waitsFor } from "./update_wait.ts";
import type { Phase } from "../requests/phases.ts";
import { phaseFacts } from "../requests/phases.ts";
import { requestKey, targetKey } from "../requests/cache.ts";
import { type StepKind, stepKind } from "./step_kind.ts";

/** A request as a line of a list: what it changes, where it stands, and why. */
export interface UpdateRow {
  /** `namespace/name` of the request. */
  key: string;
  namespace: string;
  name: string;
  request: UpdateRequest;
  /** Its key in the index. */
  workload: string;
  /** `deployment/web` */
  target: string;
  kind: string;
  /** `app and migrate` */
  containers: string;
  /** In few words. */
  from: string;
  to: string;
  step: StepKind;
  policy: string;
  phase: Phase;
  stage: Stage;
  reason: string | undefined;
  /** Why it stands where it does, a sentence without a full stop. */
  why: string;
  waitsFor: WaitsFor | undefined;
  /** Whether a person can still decide on it. */
  isUndecided: boolean;
  decided: SaidByPerson | undefined;
  /** `made by hand by ann`; undefined for what Headwind made. */
  hand: string | undefined;
  /** Milliseconds since 1970. */
  seenAt: number;
  /** When it came to where it stands, in milliseconds since 1970; undefined where nobody has looked at it yet. */
  since: number | undefined;
  /** What a search looks in, in lower case. */
  text: string;
}

/** How far requests have come, in the order of lists. */
export const STAGES = ["waiting", "running", "held", "finished"] as const;
export type Stage = (typeof STAGES)[number];

/** A person's word on it. */
export interface SaidByPerson {
  approved: boolean;
  by: string;
  via?: string;
  reason?: string;
  /** RFC 3339. */
  at?: string;
}

const rows = new WeakMap<UpdateRequest, UpdateRow>();

/** The line of a request, made once for each state of it. */
export function rowOf(request: UpdateRequest): UpdateRow {
  let row = rows.get(request);
  if (!row) rows.set(request, row = makeRow(request));
  return row;
}

function makeRow(request: UpdateRequest): UpdateRow {
  const { metadata: { namespace, name }, spec, status } = request;
  const { targetRef, currentImage, newImage, policy } = spec;
  const phase = phaseOf(request);
  const [from, to] = changeText(currentImage, newImage);
  const target = `${targetRef.kind.toLowerCase()}/${targetRef.name}`;
  const containers = namesText(containersOf(request));
  const reason = reasonOf(request);
  const decided = decidedOn(request);
  return {
    key: requestKey(request),
    namespace,
    name,
    request,
    workload: targetKey(request),
    target,
    kind: targetRef.kind,
    containers,
    from,
    to,
    step: stepKind(typeOf(request), currentImage, newImage),
    policy,
    phase,
    stage: stageOf(phase),
    reason,
    why: status?.message ?? NOT_LOOKED_AT,
    waitsFor: waitsFor(request),
    isUndecided: isUndecided(request),
    decided,
    hand: handOf(request),
    seenAt: seenAt(request),
    since: sinceOf(request, phase),
    text: [namespace, name, target, containersOf(request).join(" "), currentImage, newImage, decided?.by ?? ""].join(
      "\n",
    )
      .toLowerCase(),
  };
}

function stageOf(phase: Phase): Stage {
  return phaseFacts(phase).isFinal
    ? "finished"
    : phase === "Verifying"
    ? "running"
    : phase === "Held"
    ? "held"
    : "waiting";
}

function decidedOn({ spec: { decision }, status }: UpdateRequest): SaidByPerson | undefined {
  if (!decision) return undefined;
  const { approved, by, via, reason } = decision;
  const at = approved ? status?.approvedAt : status?.rejectedAt;
  return {
    approved,
    by,
    ...(via === undefined ? {} : { via }),
    ...(reason === undefined ? {} : { reason }),
    ...(at === undefined ? {} : { at }),
  };
}

function sinceOf({ status }: UpdateRequest, phase: Phase): number | undefined {
  const at = Date.parse(status?.steps?.findLast((step) => step.phase === phase)?.at ?? status?.lastUpdated ?? "");
  return Number.isNaN(at) ? undefined : at;
}
