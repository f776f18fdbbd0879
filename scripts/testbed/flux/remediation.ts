import type { HelmRelease } from "./types.ts";

/** What is to be done about failures of the release's last action. */
export interface ActiveRemediation {
  failures: number;
  exhausted: boolean;
  remediateLastFailure: boolean;
  strategy: "rollback" | "uninstall";
}

/**
 * Undefined before the first action.
 *
 * Source: `GetActiveRemediation` of https://github.com/fluxcd/helm-controller/blob/main/api/v2/helmrelease_types.go
 */
export function activeRemediation(release: HelmRelease): ActiveRemediation | undefined {
  const action = release.status?.lastAttemptedReleaseAction;
  return action && remediationOf(release, action);
}

export function remediationOf({ spec, status }: HelmRelease, action: "install" | "upgrade"): ActiveRemediation {
  const { retries = 0, remediateLastFailure, strategy = "rollback" } = spec[action]?.remediation ?? {};
  const failures = (action === "install" ? status?.installFailures : status?.upgradeFailures) ?? 0;
  return {
    failures,
    exhausted: retries >= 0 && failures > retries,
    remediateLastFailure: remediateLastFailure ?? (action === "upgrade" && retries > 0),
    strategy: action === "install" ? "uninstall" : strategy,
  };
}
