import type { TargetRef } from "../workloads/workload.ts";
import type { Artifact } from "../plugin.ts";
import type { PodCounts } from "../plugin/reading.ts";
import { isFinal, type Phase, phaseFacts } from "./phases.ts";

/** `headwind.sh/v1alpha1` UpdateRequest: the durable record of one wanted change. Its schema is `deploy/crds/`. */
export const API_VERSION = "headwind.sh/v1alpha1";
export const RESOURCE = { group: "headwind.sh", version: "v1alpha1", plural: "updaterequests" } as const;

/** A person's word. Once written it cannot be changed. */
export interface Decision {
  approved: boolean;
  /** Who. */
  by: string;
  reason?: string;
  /** The way it came: `api`, `kubectl`, `dashboard`. */
  via?: string;
}

export interface UpdateRequestSpec {
  targetRef: TargetRef;
  updateType: "image" | "helmChart";
  /** The first of those that are moved; alone where `containerNames` is absent. */
  containerName?: string;
  /** All that are moved together, `containerName` among them, where these are several. Read by `containersOf`. */
  containerNames?: readonly string[];
  currentImage: string;
  newImage: string;
  policy: string;
  /** Why the policy took this version, in a sentence. */
  reason?: string;
  /** @default true */
  requireApproval?: boolean;
  /** RFC 3339. Not applied after it. */
  expiresAt?: string;
  /** Who made it by hand, as the API server calls them: its policy sees to that. Absent where Headwind made it. */
  madeBy?: string;
  sighting?: {
    /** RFC 3339. */
    at: string;
    via: "webhook" | "polling" | "check";
    /** The trigger plugin's name. */
    trigger: string;
    /** False: the version is looked up at the registry before it is applied. */
    trusted: boolean;
  };
  decision?: Decision;
}

/** Whether a person wrote it: only Headwind writes sightings, as the policies of `deploy/` see to. */
export const isByHand = ({ spec }: Pick<UpdateRequest, "spec">): boolean => spec.sighting === undefined;

/** What a person wishes for, and nobody has decided on. */
export const isProposal = (request: Pick<UpdateRequest, "spec">): boolean =>
  isByHand(request) && request.spec.requireApproval !== false && request.spec.decision === undefined;

const asLongAgoAsItTook = 120_000;

/**
 * When its version was seen, in milliseconds since 1970; of one that is made by hand when it was made. What a replica says is
 * believed as far as the API server's own time, of when it was made, bears it out.
 */
export function seenAt({ spec, metadata }: UpdateRequest): number {
  const made = Date.parse(metadata.creationTimestamp);
  const seen = Date.parse(spec.sighting?.at ?? "");
  return Math.abs(seen - made) <= asLongAgoAsItTook ? seen : made;
}

/** `made by hand by ann`; undefined for what Headwind made. */
export function handOf(request: Pick<UpdateRequest, "spec">): string | undefined {
  if (!isByHand(request)) return undefined;
  return request.spec.madeBy ? `made by hand by ${request.spec.madeBy}` : "made by hand";
}

/** What stands for a container where a workload's artifact is a chart. */
export const CHART = "chart";

/** What the versions of a request are of. */
export function typeOf({ spec }: UpdateRequest): Artifact["type"] {
  return spec.updateType === "helmChart" ? "chart" : "image";
}

/** As in the Kubernetes API conventions. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}

/** One step of a request's life. */
export interface StatusStep {
  /** RFC 3339. */
  at: string;
  phase: Phase;
  reason: string;
  message: string;
}

/** How far its version had come into the workload's pods at one time. */
export interface RolloutSample extends PodCounts {
  /** RFC 3339. */
  at: string;
}

export interface UpdateRequestStatus {
  phase?: Phase;
  approvedBy?: string;
  approvedAt?: string;
  rejectedBy?: string;
  rejectedAt?: string;
  appliedAt?: string;
  /** Why it is in its phase, in a word, of `REASONS`, a gate or a reading. Absent in what Headwind wrote before it had this field. */
  reason?: string;
  message?: string;
  lastUpdated?: string;
  /** Event types whose notifications were delivered. */
  notified?: string[];
  conditions?: Condition[];
  /** What happened, the last at the end. */
  steps?: StatusStep[];
  /** How its pods changed over while it was verified, the last at the end. Absent where the workload's pods are not watched. */
  rollout?: readonly RolloutSample[];
}

export interface ObjectMeta {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  generation?: number;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[];
}

export interface UpdateRequest {
  apiVersion: typeof API_VERSION;
  kind: "UpdateRequest";
  metadata: ObjectMeta;
  spec: UpdateRequestSpec;
  status?: UpdateRequestStatus;
}

/**
 * An UpdateRequest without what nobody here reads (managed fields above all), so that thousands fit in memory. One of a
 * chart need not name the place of its version.
 */
export function projectRequest({ metadata, spec, status }: UpdateRequest): UpdateRequest {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: API_VERSION,
    kind: "UpdateRequest",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec.updateType === "helmChart" && !spec.containerName ? { ...spec, containerName: CHART } : spec,
    ...(status ? { status } : {}),
  };
}

/** Where a request is; one that Headwind has not looked at yet is pending. */
export const phaseOf = ({ status }: Pick<UpdateRequest, "status">): Phase => status?.phase ?? "Pending";

export const isPending = (request: Pick<UpdateRequest, "status">): boolean => phaseOf(request) === "Pending";
export const isFinished = (request: Pick<UpdateRequest, "status">): boolean => isFinal(phaseOf(request));

/** Whether it does not go on by itself: it is finished, or held. */
export const hasEnded = (request: Pick<UpdateRequest, "status">): boolean =>
  phaseFacts(phaseOf(request)).canRetry === true;

/** Whether a person can still decide on it. */
export const isUndecided = (request: Pick<UpdateRequest, "spec" | "status">): boolean =>
  isPending(request) && request.spec.decision === undefined;

/** The phase in which it waits: people see by it whether somebody has decided. */
export const waitingPhase = ({ spec }: Pick<UpdateRequest, "spec">): Phase => spec.decision ? "Approved" : "Pending";

/** A condition of its status, as it is stored. */
export const conditionOf = ({ status }: Pick<UpdateRequest, "status">, type: string): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);
