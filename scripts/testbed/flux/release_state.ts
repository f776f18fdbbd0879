import type { Snapshot } from "./types.ts";

/** What a release should be made of. */
export interface Wanted {
  chartName: string;
  chartVersion: string;
  configDigest: string;
}

export type ReleaseState = "absent" | "unmanaged" | "locked" | "failed" | "out of sync" | "in sync";

/**
 * How Helm's storage (newest first) stands to what was last seen of it and to what is wanted.
 *
 * Source: https://github.com/fluxcd/helm-controller/blob/main/internal/reconcile/state.go
 */
export function releaseState(stored: Snapshot[], history: Snapshot[], wanted: Wanted): ReleaseState {
  const [last] = stored;
  if (!last || last.status === "uninstalled") return "absent";
  if (last.status.startsWith("pending-")) return "locked";
  const [seen] = history;
  // someone else has been at it, or it was never ours
  if (!seen || seen.version !== last.version || seen.digest !== last.digest) return "unmanaged";
  if (last.status === "failed") return "failed";
  const same = last.chartName === wanted.chartName && last.chartVersion === wanted.chartVersion &&
    last.configDigest === wanted.configDigest;
  return same ? "in sync" : "out of sync";
}
