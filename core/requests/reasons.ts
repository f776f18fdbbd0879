import type { MetricName } from "../telemetry/catalog.ts";
import type { Phase } from "./phases.ts";

/** Why a request is in its phase, and what follows from that. */
export interface ReasonFacts {
  /** Those that it is written with. */
  phases: readonly Phase[];
  /** A sentence without a full stop. */
  meaning: string;
  /** What was decided was not the version: it is offered again when it is seen again. */
  canRecreate?: boolean;
  /** As of a phase. */
  isForgotten?: boolean;
  /** What a person makes by hand does not end for it: that comes by no event, and may be of an image that is otherwise left alone. */
  ofSightingsOnly?: boolean;
  /** Counted when it is written. */
  metric?: MetricName;
}

const waiting: readonly Phase[] = ["Pending", "Approved"];

/**
 * The reasons that Headwind itself gives, beside those of gates; a workload's health and what keeps its versions from being
 * found have their own. In `status.reason`, in conditions, and here in the documentation.
 */
export const REASONS = {
  NotInRegistryYet: {
    phases: waiting,
    meaning: "A webhook told of the version, and the registry does not show it yet: it is asked again",
  },
  RegistryUnavailable: {
    phases: waiting,
    meaning: "The registry has to confirm the version first, and cannot be asked",
  },
  Verifying: { phases: waiting, meaning: "Another version of the same workload is being verified" },
  Forbidden: {
    phases: [...waiting, "Verifying"],
    meaning: "The API server does not let Headwind change the workload; it tries again",
  },
  Approved: {
    phases: ["Approved"],
    meaning: "A person approved it, and nothing else is waited for",
    metric: "approved",
  },
  Verified: { phases: ["Completed"], meaning: "The workload stayed healthy on it for the soak time" },
  AlreadyRuns: { phases: ["Completed"], meaning: "Somebody else brought the version in" },
  Unmanaged: {
    phases: ["Completed", "Superseded"],
    meaning: "The workload has no policy any more, or is being deleted",
    canRecreate: true,
  },
  Rejected: { phases: ["Rejected"], meaning: "A person rejected it" },
  Expired: { phases: ["Expired"], meaning: "Nobody approved it, or no gate opened, before `spec.expiresAt`" },
  OtherNamespace: { phases: ["Failed"], meaning: "`targetRef` names another namespace than the request's own" },
  UnknownKind: { phases: ["Failed"], meaning: "`targetRef` names a kind that no workload plugin serves" },
  TargetNotFound: { phases: ["Failed"], meaning: "The workload does not exist" },
  ContainerNotFound: { phases: ["Failed"], meaning: "The workload has no such container" },
  OtherType: { phases: ["Failed"], meaning: "`updateType` is not what the container holds" },
  InvalidImage: {
    phases: ["Failed"],
    meaning: "`newImage` is no image reference, or no version of the workload's chart",
  },
  OtherRepository: { phases: ["Failed"], meaning: "`newImage` is of another repository than what runs" },
  Downgrade: { phases: ["Failed"], meaning: "The version is lower than what runs: only a rollback lowers" },
  NotInRegistry: { phases: ["Failed"], meaning: "The registry does not have the version", canRecreate: true },
  ApplyRefused: { phases: ["Failed"], meaning: "The API server refuses the change as invalid" },
  NotHealthyInTime: {
    phases: ["Failed"],
    meaning: "The workload was not healthy within `rollback-timeout`, and auto-rollback is not set",
  },
  ReadinessLost: {
    phases: ["Verifying", "Failed"],
    meaning: "The workload was healthy on it and is not any more",
  },
  NoRollbackTarget: {
    phases: ["Failed"],
    meaning: "The workload is not healthy on it, and there is nothing to go back to",
    metric: "rollbacksFailed",
  },
  RollbackRefused: {
    phases: ["Failed"],
    meaning: "The API server refuses the rollback as invalid",
    metric: "rollbacksFailed",
  },
  RolledBack: { phases: ["RolledBack"], meaning: "Headwind or a person took the workload back" },
  VersionHeld: { phases: ["Held"], meaning: "The version is held, or all are" },
  Newer: {
    phases: ["Superseded"],
    meaning: "A newer version waits for the same container, or runs",
    isForgotten: true,
  },
  TagMoved: {
    phases: ["Superseded"],
    meaning: "The registry has the tag at another digest than the webhook told of",
    canRecreate: true,
  },
  Moved: {
    phases: ["Superseded"],
    meaning: "The container runs another version than the request was made for",
    canRecreate: true,
  },
  MovedBack: {
    phases: ["Superseded"],
    meaning: "A person moved the container to an older version since",
    canRecreate: true,
  },
  MovedApart: {
    phases: ["Superseded"],
    meaning: "Its containers do not run one version any more",
    canRecreate: true,
  },
  PolicyRefuses: {
    phases: ["Superseded"],
    meaning: "The policy does not take the version any more",
    canRecreate: true,
  },
  ImageLeftOut: {
    phases: ["Superseded"],
    meaning: "`headwind.sh/images` leaves the image out by now",
    canRecreate: true,
    ofSightingsOnly: true,
  },
  EventSourceRefuses: {
    phases: ["Superseded"],
    meaning: "`headwind.sh/event-source` does not let in what brought it by now",
    canRecreate: true,
    ofSightingsOnly: true,
  },
  Resumed: {
    phases: ["Superseded"],
    meaning: "A person let the version go: it is offered again when it is seen again",
    canRecreate: true,
  },
} as const satisfies Record<string, ReasonFacts>;

export type Reason = keyof typeof REASONS;

declare const reporter: unique symbol;
/** A reason that somebody else has chosen: a gate, a health reading, a note on the workload. */
export type ReportedReason = string & { readonly [reporter]: true };
export const reported = (reason: string): ReportedReason => reason as ReportedReason;

/** Whether a reason, as it is stored, is this one. */
export const isReason = (stored: string | undefined, reason: Reason): boolean => stored === reason;

/** What the table says of a reason, as it is stored; undefined of one that others gave. */
export const reasonFacts = (stored: string | undefined): ReasonFacts | undefined =>
  stored !== undefined && Object.hasOwn(REASONS, stored) ? REASONS[stored as Reason] : undefined;
