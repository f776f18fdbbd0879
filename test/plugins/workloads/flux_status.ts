type Status = "True" | "False" | "Unknown";
/** What helm-controller writes as a condition: by default of generation 2. */
export type Told = [type: string, status: Status, reason: string, message?: string, generation?: number];
export const status = (conditions: Told[], observedGeneration = 1, more: object = {}) => ({
  observedGeneration,
  ...more,
  conditions: conditions.map(([type, status, reason, message = `${reason} of a test`, observedGeneration = 2]) => ({
    type,
    status,
    reason,
    message,
    observedGeneration,
    lastTransitionTime: "2026-01-01T00:00:00Z",
  })),
});
export const before: Told[] = [
  ["Ready", "True", "InstallSucceeded", "Helm install succeeded", 1],
  ["Released", "True", "InstallSucceeded", "Helm install succeeded", 1],
];
export const upgradeFailed =
  "Helm upgrade failed for release shop/web with chart podinfo@6.4.0: timed out waiting for the condition";
export const fulfilling: Told = ["Reconciling", "True", "Progressing", "Fulfilling prerequisites"];
export const running: Told = ["Reconciling", "True", "Progressing", "Running 'upgrade' action with timeout of 5m0s"];
export const retrying: Told = ["Reconciling", "True", "ProgressingWithRetry", upgradeFailed];
export const exceeded: Told = ["Stalled", "True", "RetriesExceeded", "Failed to upgrade after 1 attempt(s)"];
export const notReady: Told = ["Ready", "False", "UpgradeFailed", upgradeFailed];
export const failed: Told = ["Released", "False", "UpgradeFailed", upgradeFailed];
export const succeeded: Told[] = [["Ready", "True", "UpgradeSucceeded"], ["Released", "True", "UpgradeSucceeded"]];
export const rolledBack: Told[] = [
  ["Ready", "False", "RollbackSucceeded", "Helm rollback to previous release shop/web.v1 succeeded"],
  failed,
  ["Remediated", "True", "RollbackSucceeded"],
];

export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
export const byRef = { chartRef: { kind: "OCIRepository", name: "podinfo" } };
/** What of an OCIRepository's status tells its artifact. */
export const fetched = (revision: string, observedGeneration = 2) => ({
  status: { observedGeneration, artifact: { revision } },
});
