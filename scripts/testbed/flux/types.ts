import type { KubeObject } from "../../../core/kube/list.ts";

/** The parts of Flux's objects that the stand-in reads and writes. Source: https://fluxcd.io/flux/components/helm/api/v2/ */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration: number;
}

/** What one revision of a Helm release was like when it was last looked at. */
export interface Snapshot {
  /** `sha256:…` of the release in Helm's storage. */
  digest: string;
  name: string;
  namespace: string;
  /** Helm's revision, from 1. */
  version: number;
  /** Helm's word: `deployed`, `superseded`, `failed`, … */
  status: string;
  chartName: string;
  chartVersion: string;
  appVersion?: string;
  configDigest: string;
  firstDeployed: string;
  lastDeployed: string;
  deleted?: string;
  ociDigest?: string;
}

export interface HelmReleaseStatus {
  observedGeneration?: number;
  lastAttemptedGeneration?: number;
  lastAttemptedRevision?: string;
  lastAttemptedRevisionDigest?: string;
  lastAttemptedConfigDigest?: string;
  lastAttemptedReleaseAction?: "install" | "upgrade";
  lastAttemptedReleaseActionDuration?: string;
  lastAppliedRevision?: string;
  lastHandledReconcileAt?: string;
  lastHandledForceAt?: string;
  lastHandledResetAt?: string;
  failures?: number;
  installFailures?: number;
  upgradeFailures?: number;
  helmChart?: string;
  storageNamespace?: string;
  conditions?: Condition[];
  /** Newest first. */
  history?: Snapshot[];
}

export interface Metadata {
  name: string;
  namespace: string;
  generation: number;
  annotations?: Record<string, string>;
  finalizers?: string[];
  deletionTimestamp?: string;
  resourceVersion?: string;
  [field: string]: unknown;
}

interface Action {
  timeout?: string;
  disableWait?: boolean;
}

export interface Remediation {
  retries?: number;
  remediateLastFailure?: boolean;
  strategy?: "rollback" | "uninstall";
}

export interface Reference {
  kind: string;
  name: string;
  namespace?: string;
}

export interface HelmRelease extends KubeObject {
  metadata: Metadata;
  spec: {
    interval: string;
    timeout?: string;
    suspend?: boolean;
    releaseName?: string;
    targetNamespace?: string;
    maxHistory?: number;
    values?: Record<string, unknown>;
    dependsOn?: { name: string; namespace?: string }[];
    chart?: { spec: { chart: string; version?: string; sourceRef: Reference } };
    chartRef?: Reference;
    install?: Action & { createNamespace?: boolean; remediation?: Remediation };
    upgrade?: Action & { force?: boolean; cleanupOnFail?: boolean; remediation?: Remediation };
    rollback?: Action;
  };
  status?: HelmReleaseStatus;
}

interface SourceStatus {
  observedGeneration?: number;
  conditions?: Condition[];
  lastHandledReconcileAt?: string;
  url?: string;
  artifact?: {
    revision: string;
    digest: string;
    path: string;
    url: string;
    size: number;
    lastUpdateTime: string;
    metadata?: Record<string, string>;
  };
}

interface SourceSpec {
  url: string;
  interval?: string;
  suspend?: boolean;
  insecure?: boolean;
  secretRef?: { name: string };
  certSecretRef?: { name: string };
}

export interface HelmRepository extends KubeObject {
  metadata: Metadata;
  spec: SourceSpec & { type?: "default" | "oci"; passCredentials?: boolean };
  status?: SourceStatus;
}

export interface OCIRepository extends KubeObject {
  metadata: Metadata;
  spec: SourceSpec & { ref?: { tag?: string; semver?: string; semverFilter?: string; digest?: string } };
  status?: SourceStatus;
}

export type Source = HelmRepository | OCIRepository;

export const resources = {
  HelmRelease: { group: "helm.toolkit.fluxcd.io", version: "v2", plural: "helmreleases" },
  HelmRepository: { group: "source.toolkit.fluxcd.io", version: "v1", plural: "helmrepositories" },
  OCIRepository: { group: "source.toolkit.fluxcd.io", version: "v1", plural: "ocirepositories" },
} as const;

export const requestedAt = "reconcile.fluxcd.io/requestedAt";
