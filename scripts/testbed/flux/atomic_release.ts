import type { KubeClient } from "../../../core/kube/client.ts";
import {
  type Action,
  type ActionPlace,
  type Chart,
  releaseName,
  releaseNamespace,
  runAction,
  timeoutOf,
} from "./actions.ts";
import { dropCondition, getCondition, setCondition, setReconciling, setStalled, summarize } from "./conditions.ts";
import { digestOfValues, forgetRelease, storedReleases } from "./helm_storage.ts";
import { chartOf, fullName, observe, previous, truncate } from "./history.ts";
import { activeRemediation, remediationOf } from "./remediation.ts";
import { type ReleaseState, releaseState } from "./release_state.ts";
import type { HelmRelease, HelmReleaseStatus, Snapshot } from "./types.ts";

export interface AtomicReleaseOptions extends ActionPlace {
  client: KubeClient;
  /** Writes the status that the object has now. */
  save(): Promise<void>;
  log(line: string): void;
  /** Whether an annotation asks for an upgrade where none is due. */
  force: boolean;
}

/** `done` and `stalled`: this generation has been seen to. `again`: it is to go on, after a while. */
export type Outcome = "done" | "stalled" | "again";

/**
 * Brings a release to what its object asks for, one Helm action after the other, and writes what came of each to the status.
 * Rejects when an action failed before Helm stored anything of it: that is to be tried again.
 *
 * Source: https://github.com/fluxcd/helm-controller/blob/main/internal/reconcile/atomic_release.go
 */
export async function atomicRelease(
  release: HelmRelease,
  chart: Chart,
  options: AtomicReleaseOptions,
): Promise<Outcome> {
  const status = release.status!;
  const wanted = {
    chartName: chart.name,
    chartVersion: chart.version,
    configDigest: digestOfValues(release.spec.values),
  };
  let force = options.force;
  let released = false;
  for (;;) {
    const stored = await storedReleases(options.client, releaseNamespace(release), releaseName(release));
    const state = releaseState(stored, status.history ?? [], wanted);
    if (state === "locked") {
      await forgetRelease(options.client, stored[0]!);
      continue;
    }
    const next = nextAction(release, state, force);
    if (next === "exhausted") return stall(release);
    if (next === "no target") {
      const why = "missing target release for rollback: cannot remediate failed release";
      setStalled(release, "MissingRollbackTarget", `Failed to perform remediation: ${why}`);
      return "stalled";
    }
    if (next === undefined) {
      dropCondition(release, "Reconciling");
      summarize(release);
      return "done";
    }
    const remediates = next === "rollback" || next === "uninstall";
    if (released && !remediates) return goOn(release);
    const message = `Running '${next}' action with timeout of ${timeoutOf(release, next)}`;
    setReconciling(release, "Progressing", message);
    if (!remediates) setCondition(release, "Ready", "Unknown", "Progressing", message);
    await options.save();
    options.log(message);
    await act(next, release, chart, options);
    if (remediates) return activeRemediation(release)?.exhausted ? stall(release) : goOn(release);
    released = true;
    force = false;
    await options.save();
  }
}

/** Changes the history as Flux does on the way. */
function nextAction(
  release: HelmRelease,
  state: ReleaseState,
  force: boolean,
): Action | "exhausted" | "no target" | undefined {
  const status = release.status!;
  if (state === "absent") return remediationOf(release, "install").exhausted && !force ? "exhausted" : "install";
  if (state === "unmanaged") {
    status.history = [];
    return "upgrade";
  }
  if (state === "out of sync") {
    return remediationOf(release, "upgrade").exhausted && !force ? "exhausted" : "upgrade";
  }
  if (state === "in sync") return settle(release, force);
  const remediation = activeRemediation(release);
  if (!remediation || remediation.failures === 0 || force) return "upgrade";
  if (remediation.exhausted && !remediation.remediateLastFailure) return "exhausted";
  status.history = truncate(status.history ?? []);
  if (remediation.strategy === "uninstall") return "uninstall";
  return previous(status.history) ? "rollback" : "no target";
}

function settle(release: HelmRelease, force: boolean): "upgrade" | undefined {
  const status = release.status!;
  status.history = truncate(status.history ?? []);
  const current = status.history[0]!;
  status.lastAppliedRevision = current.chartVersion;
  if (force) return "upgrade";
  // what a rollback led to is what is asked for by now
  if (getCondition(release, "Remediated")?.status === "True") {
    dropCondition(release, "Remediated");
    setCondition(release, "Released", "True", "UpgradeSucceeded", succeeded("upgrade", current));
  }
  return undefined;
}

async function act(action: Action, release: HelmRelease, chart: Chart, options: AtomicReleaseOptions): Promise<void> {
  const status = release.status!;
  // an installation begins a history
  const before = action === "install" ? [] : status.history ?? [];
  const [current, target] = [before[0], previous(before)];
  const started = performance.now();
  if (action === "install" || action === "upgrade") {
    status.lastAttemptedReleaseAction = action;
    dropCondition(release, "Remediated");
  }
  let failure: Error | undefined;
  try {
    await runAction(action, release, chart, target, options);
  } catch (error) {
    options.signal.throwIfAborted();
    failure = error as Error;
  }
  const name = releaseName(release);
  const stored = await storedReleases(options.client, releaseNamespace(release), name);
  const ociDigest = action === "rollback" ? target?.ociDigest : status.lastAttemptedRevisionDigest;
  // Helm keeps nothing of what it uninstalled
  const gone = { status: "uninstalled", deleted: new Date().toISOString().replace(/\.\d+Z$/, "Z") };
  status.history = action === "uninstall" && !failure && current
    ? [{ ...current, ...gone }, ...before.slice(1)]
    : observe(before, stored, ociDigest);
  const changed = digests(status.history) !== digests(before);
  if (action === "rollback" || action === "uninstall") {
    tellRemediation(action, release, (action === "rollback" ? target : current)!, failure);
  } else {
    status.lastAttemptedReleaseActionDuration = `${(performance.now() - started) / 1000}s`;
    tellRelease(action, release, chart, failure);
    if (failure && changed) count(status, action);
  }
  summarize(release);
  if (failure && !changed) throw failure;
}

const digests = (history: Snapshot[]) => history.map(({ version, digest }) => `${version} ${digest}`).join();

function tellRelease(action: "install" | "upgrade", release: HelmRelease, chart: Chart, failure?: Error): void {
  const status = release.status!;
  const [failed, done] = action === "install"
    ? ["InstallFailed", "InstallSucceeded"]
    : ["UpgradeFailed", "UpgradeSucceeded"];
  if (!failure) {
    setCondition(release, "Released", "True", done, succeeded(action, status.history![0]!));
    return;
  }
  status.failures = (status.failures ?? 0) + 1;
  const what = `${releaseNamespace(release)}/${releaseName(release)} with chart ${chart.name}@${chart.version}`;
  setCondition(release, "Released", "False", failed, `Helm ${action} failed for release ${what}: ${failure.message}`);
}

function tellRemediation(action: "rollback" | "uninstall", release: HelmRelease, to: Snapshot, failure?: Error): void {
  const rollback = action === "rollback";
  const what = rollback ? "rollback to previous release" : "uninstall remediation for release";
  const message = `Helm ${what} ${fullName(to)} with chart ${chartOf(to)}`;
  const name = rollback ? "Rollback" : "Uninstall";
  if (!failure) return setCondition(release, "Remediated", "True", `${name}Succeeded`, `${message} succeeded`);
  release.status!.failures = (release.status!.failures ?? 0) + 1;
  setCondition(release, "Remediated", "False", `${name}Failed`, `${message} failed: ${failure.message}`);
}

const succeeded = (action: "install" | "upgrade", snapshot: Snapshot) =>
  `Helm ${action} succeeded for release ${fullName(snapshot)} with chart ${chartOf(snapshot)}`;

/** Only what Helm stored counts: nothing is to be remedied otherwise. */
function count(status: HelmReleaseStatus, action: "install" | "upgrade"): void {
  if (action === "install") status.installFailures = (status.installFailures ?? 0) + 1;
  else status.upgradeFailures = (status.upgradeFailures ?? 0) + 1;
}

function stall(release: HelmRelease): Outcome {
  const action = release.status!.lastAttemptedReleaseAction!;
  const attempts = activeRemediation(release)!.failures;
  setStalled(release, "RetriesExceeded", `Failed to ${action} after ${attempts} attempt(s)`);
  return "stalled";
}

function goOn(release: HelmRelease): Outcome {
  if (activeRemediation(release)?.exhausted) {
    dropCondition(release, "Reconciling");
    return "done";
  }
  setReconciling(release, "ProgressingWithRetry", getCondition(release, "Ready")?.message ?? "");
  return "again";
}
