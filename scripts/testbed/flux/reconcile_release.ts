import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KubeClient } from "../../../core/kube/client.ts";
import { isNotFound } from "../../../core/kube/kube_error.ts";
import { resourcePath } from "../../../core/kube/paths.ts";
import { type Chart, runAction } from "./actions.ts";
import { atomicRelease, type Outcome } from "./atomic_release.ts";
import { getCondition, setCondition, setReconciling } from "./conditions.ts";
import { parseDuration } from "./durations.ts";
import { digestOfValues } from "./helm_storage.ts";
import { NotReady } from "./not_ready.ts";
import { helmChartOf, resolveChart } from "./resolve_chart.ts";
import { type HelmRelease, requestedAt, resources } from "./types.ts";

export interface ReconcileOptions {
  client: KubeClient;
  kubeconfig: string;
  dir: string;
  signal: AbortSignal;
  /** Whether only its source has changed: a release that is ready is left alone then unless that gives another chart. */
  sourceOnly: boolean;
  log(line: string): void;
}

/** Milliseconds after which a release is to be looked at again; `retry` after a growing while, as of failures. */
export type Next = number | "retry" | "never";

const finalizer = "finalizers.fluxcd.io";
/** Flux looks after 30 s. */
const dependencyMs = 1000;

/**
 * Looks at one HelmRelease and does what is due.
 *
 * Source: https://github.com/fluxcd/helm-controller/blob/main/internal/controller/helmrelease_controller.go
 */
export async function reconcileRelease(release: HelmRelease, options: ReconcileOptions): Promise<Next> {
  const { metadata, spec } = release;
  const path = resourcePath(resources.HelmRelease, metadata.namespace, metadata.name);
  if (metadata.deletionTimestamp) return await remove(release, path, options);
  if (!metadata.finalizers?.includes(finalizer)) {
    await setFinalizers([...(metadata.finalizers ?? []), finalizer], release, path, options.client);
  }
  const status = release.status ??= {};
  const wished = metadata.annotations?.[requestedAt];
  const save = () => saveStatus(options.client, path, release);
  const finish = async (seen: boolean) => {
    if (wished !== undefined) status.lastHandledReconcileAt = wished;
    if (seen) status.observedGeneration = metadata.generation;
    await save();
  };
  if (spec.suspend) {
    await finish(true);
    return "never";
  }
  if (options.sourceOnly && isSettled(release) && !(await isMoved(release, options))) return "never";
  if (!spec.chartRef) status.helmChart = helmChartOf(release);
  else delete status.helmChart;
  setReconciling(release, "Progressing", "Fulfilling prerequisites");
  await save();
  let chart: Chart | undefined;
  try {
    await checkDependencies(release, options.client);
    chart = await resolveChart(release, options);
    const outcome = await make(release, chart, save, options);
    await finish(outcome !== "again");
    return outcome === "again" ? "retry" : outcome === "done" ? parseDuration(spec.interval) : "never";
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof NotReady) setCondition(release, "Ready", "False", error.reason, error.message);
    await finish(false);
    options.log((error as Error).message);
    return error instanceof NotReady && error.reason === "DependencyNotReady" ? dependencyMs : "retry";
  } finally {
    if (chart) await rm(dirname(chart.path), { recursive: true, force: true });
  }
}

const isSettled = (release: HelmRelease): boolean =>
  release.status?.observedGeneration === release.metadata.generation &&
  getCondition(release, "Ready")?.status === "True";

async function isMoved(release: HelmRelease, options: ReconcileOptions): Promise<boolean> {
  try {
    const chart = await resolveChart(release, options);
    await rm(dirname(chart.path), { recursive: true, force: true });
    return chart.version !== release.status?.lastAttemptedRevision;
  } catch (error) {
    options.signal.throwIfAborted();
    options.log((error as Error).message);
    return false;
  }
}

const transient = ["DependencyNotReady", "ArtifactFailed", "SourceNotReady", "ChartMutateError"];

async function make(
  release: HelmRelease,
  chart: Chart,
  save: () => Promise<void>,
  options: ReconcileOptions,
): Promise<Outcome> {
  const { metadata, spec } = release;
  const status = release.status!;
  if (transient.includes(getCondition(release, "Ready")?.reason ?? "")) {
    setCondition(release, "Ready", "Unknown", "Progressing", "reconciliation in progress");
  }
  status.storageNamespace = spec.targetNamespace ?? metadata.namespace;
  const config = digestOfValues(spec.values);
  const asked = (name: "forceAt" | "resetAt", handled: "lastHandledForceAt" | "lastHandledResetAt") => {
    const value = metadata.annotations?.[`reconcile.fluxcd.io/${name}`];
    const isNew = value !== undefined && value === metadata.annotations?.[requestedAt] && value !== status[handled];
    if (value !== undefined) status[handled] = value;
    return isNew;
  };
  const [reset, force] = [asked("resetAt", "lastHandledResetAt"), asked("forceAt", "lastHandledForceAt")];
  const differs = status.lastAttemptedGeneration !== metadata.generation ||
    status.lastAttemptedRevision !== chart.version || status.lastAttemptedConfigDigest !== config;
  if (differs || reset) {
    for (const counter of ["failures", "installFailures", "upgradeFailures"] as const) delete status[counter];
  }
  status.lastAttemptedGeneration = metadata.generation;
  status.lastAttemptedRevision = chart.version;
  status.lastAttemptedConfigDigest = config;
  if (chart.ociDigest) status.lastAttemptedRevisionDigest = chart.ociDigest;
  else delete status.lastAttemptedRevisionDigest;
  return await atomicRelease(release, chart, { ...options, home: join(options.dir, "helm"), save, force });
}

async function checkDependencies({ metadata, spec }: HelmRelease, client: KubeClient): Promise<void> {
  for (const { name, namespace = metadata.namespace } of spec.dependsOn ?? []) {
    const key = `${namespace}/${name}`;
    let other: HelmRelease;
    try {
      other = await client.request<HelmRelease>("GET", resourcePath(resources.HelmRelease, namespace, name));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const why = `HelmRelease.helm.toolkit.fluxcd.io "${name}" not found`;
      throw new NotReady("DependencyNotReady", `unable to get '${key}' dependency: ${why}`);
    }
    const ready = getCondition(other, "Ready")?.status === "True";
    if (!ready || other.status?.observedGeneration !== other.metadata.generation) {
      throw new NotReady("DependencyNotReady", `dependency '${key}' is not ready`);
    }
  }
}

async function remove(release: HelmRelease, path: string, options: ReconcileOptions): Promise<Next> {
  const { metadata, spec, status } = release;
  if (!metadata.finalizers?.includes(finalizer)) return "never";
  if (!spec.suspend && status?.storageNamespace) {
    const place = { kubeconfig: options.kubeconfig, home: join(options.dir, "helm"), signal: options.signal };
    await runAction("uninstall", release, undefined, undefined, place);
  }
  await setFinalizers(metadata.finalizers.filter((name) => name !== finalizer), release, path, options.client);
  return "never";
}

/** Refused where the object has changed in between; it is looked at again then. */
async function setFinalizers(finalizers: string[], { metadata }: HelmRelease, path: string, client: KubeClient) {
  const body = { metadata: { finalizers, resourceVersion: metadata.resourceVersion } };
  await client.request("PATCH", path, { body });
}

/** The whole of it: what is not set any more goes. */
export async function saveStatus(client: KubeClient, path: string, object: { status?: unknown }): Promise<void> {
  try {
    const body = [{ op: "add", path: "/status", value: object.status }];
    await client.request("PATCH", `${path}/status`, { patch: "json", body });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
