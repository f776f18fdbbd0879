import type { Snapshot } from "./types.ts";

/**
 * The history after an action: what it knew is as the storage now says, and revisions newer than all that it knew are put in
 * front, with the digest of the artifact that they were made of.
 */
export function observe(history: Snapshot[], stored: Snapshot[], ociDigest: string | undefined): Snapshot[] {
  const newest = history[0]?.version ?? 0;
  const known = history.map((snapshot) => {
    const now = stored.find(({ version }) => version === snapshot.version);
    return now ? { ...now, ...(snapshot.ociDigest ? { ociDigest: snapshot.ociDigest } : {}) } : snapshot;
  });
  // where nothing was known, only the last one is of this action
  const fresh = newest === 0 ? stored.slice(0, 1) : stored.filter(({ version }) => version > newest);
  return [...fresh.map((snapshot) => ociDigest ? { ...snapshot, ociDigest } : snapshot), ...known];
}

/** The last good revision before the newest: what a rollback goes to. */
export function previous(history: Snapshot[]): Snapshot | undefined {
  return history.slice(1).find(({ status }) => status === "deployed" || status === "superseded");
}

/** Without what is older than that; the five newest where there is none. */
export function truncate(history: Snapshot[]): Snapshot[] {
  const last = previous(history);
  return last ? history.slice(0, history.indexOf(last) + 1) : history.slice(0, 5);
}

/** `namespace/name.v3` */
export const fullName = ({ namespace, name, version }: Snapshot): string => `${namespace}/${name}.v${version}`;

/** `chart@1.2.3` */
export const chartOf = ({ chartName, chartVersion }: Snapshot): string => `${chartName}@${chartVersion}`;
