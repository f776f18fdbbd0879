import type { Mistake, WorkloadSettings } from "./annotations.ts";
import type { OmittedAnnotations } from "./annotation_bounds.ts";
import type { LabelSelector, ResourceKind, Rollout, Slot, SlotNote, WorkloadPlugin } from "../plugin.ts";

/** Names a workload, as `spec.targetRef` of an UpdateRequest does. */
export interface TargetRef {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

export const isSameTarget = (a: TargetRef, b: TargetRef): boolean =>
  a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

/** What is kept of a workload: as little as matching, gating, patching and verification need. */
export interface Workload {
  plugin: WorkloadPlugin;
  namespace: string;
  name: string;
  uid: string;
  /** That since which nothing of this has changed. */
  resourceVersion: string;
  /** Undefined where its annotations cannot be read, or where it has none of ours. */
  settings: WorkloadSettings | undefined;
  /** What is wrong with its annotations, a sentence each. */
  mistakes: readonly { annotation: string; message: string }[];
  /** What of its annotations is read in another way than it is written, or by nobody, a sentence each; the rest is obeyed. */
  warnings: readonly { annotation: string; message: string }[];
  /** Its annotations, where some of them ask for checks. */
  checks: Record<string, string> | undefined;
  /** What its annotation `check-requested-at` says, on the workload itself. */
  checkRequested?: string;
  /** What its annotation `last-check` says, on the workload itself. */
  lastCheck?: string;
  /** What keeps versions from being found for its slots. */
  notes: readonly SlotNote[];
  /** The object that its slots stand in and that is patched, where that is another one. */
  carrier?: Carrier;
  /** Those annotations that the patch tests or replaces, as they are written in the object that is patched. */
  annotations: WorkloadAnnotations;
  slots: readonly Slot[];
  pullSecrets: readonly string[];
  serviceAccount: string | undefined;
  /** Frozen, and shared by all workloads that have come equally far. */
  rollout: Rollout;
  /** Which pods are its own; undefined where pods are not to be watched. */
  podSelector: LabelSelector | undefined;
}

/** What is read of an API object of any workload kind. */
export interface WorkloadObject {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    resourceVersion?: string;
    deletionTimestamp?: string;
    generation?: number;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    /** What of its annotations was left out already. */
    omitted?: OmittedAnnotations;
    /** What was found misplaced on it before all but what is read was left out. */
    misplaced?: readonly Mistake[];
  };
}

/** Another object than the workload that holds its slots. */
export interface Carrier {
  resource: ResourceKind;
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  /** What it says of who may use it, where it is in another namespace than the workload: each patch tests it. */
  allowFrom?: string;
}

export interface WorkloadAnnotations {
  /** Whether the object has annotations at all: without, a patch has to make the map. */
  any: boolean;
  policy: string | undefined;
  /** What of the workload's own its changes are decided by, without `headwind.sh/`; undefined where it asks for nothing. */
  settings: Readonly<Record<string, string>> | undefined;
  history: string | undefined;
  lastUpdate: string | undefined;
  held: string | undefined;
}

/**
 * The key of a workload in the index and in the queue: `Deployment/default/web`, and of a kind that is not Kubernetes' own
 * `Rollout.argoproj.io/default/web`, since two groups may have a kind of one name.
 */
export function workloadKey(kind: GroupKind, namespace: string, name: string): string {
  return `${kindKey(kind)}/${namespace}/${name}`;
}

export interface GroupKind {
  group: string;
  kind: string;
}

/** The groups of Kubernetes' own workloads have no dot, and that of a CustomResourceDefinition must have one. */
export const kindKey = ({ group, kind }: GroupKind): string => group.includes(".") ? `${kind}.${group}` : kind;

/** As people call it, in logs: `Rollout/default/web`. */
export const displayName = ({ plugin, namespace, name }: Pick<Workload, "plugin" | "namespace" | "name">): string =>
  `${plugin.resource.kind}/${namespace}/${name}`;

/** `apps` of `apps/v1`, and `""` of `v1`. */
export const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf("/")));

/** `apps/v1` of a workload plugin's resource. */
export function apiVersionOf(resource: { group: string; version: string }): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** Whether a reference is to an object of this kind. */
export const isOfKind = (
  resource: ResourceKind,
  { apiVersion, kind }: Pick<TargetRef, "apiVersion" | "kind">,
): boolean => resource.kind === kind && apiVersionOf(resource) === apiVersion;

/** How UpdateRequests, and all that people read, name a workload. */
export const targetOf = ({ plugin, namespace, name }: Pick<Workload, "plugin" | "namespace" | "name">): TargetRef =>
  targetNamed(plugin.resource, namespace, name);

/** As `targetOf`, of any object of a kind. */
export function targetNamed(resource: ResourceKind, namespace: string, name: string): TargetRef {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name };
}
