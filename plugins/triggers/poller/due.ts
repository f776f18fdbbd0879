import type { Artifact, PolledArtifact } from "../../../core/plugin.ts";

/** An artifact whose time has come. */
export interface Due {
  artifact: Artifact;
  /** Whose turn it is, in seconds. */
  intervals: number[];
  /** Since when it is due, in milliseconds of the clock that was asked. */
  since: number;
}

/** When each artifact is to be polled. */
export interface Schedule {
  /**
   * The artifacts whose time has come, each once, of those that are wanted now; what is not among these is forgotten. However many
   * intervals an artifact is wanted at, it is not polled more often than the shortest of them says.
   */
  take(wanted: readonly PolledArtifact[], now: number): Due[];
}

const nameOf = ({ type, repository }: Artifact): string => `${type} ${repository}`;

/**
 * `now` is a time in milliseconds that never goes back. What is polled for the first time comes in an order of chance, indexes of
 * charts last, and again after up to half of its interval more: were an answer to end the process, the next start would not meet it
 * first again, nor both replicas at the same time. `chance` gives numbers from 0 to 1.
 */
export function createSchedule(chance: () => number = Math.random): Schedule {
  /** By artifact: when each of its intervals is due, and when it was polled last. */
  const known = new Map<string, { dueAt: Map<number, number>; polledAt: number }>();
  return {
    take(wanted, now) {
      const byName = new Map<string, { artifact: Artifact; intervals: Set<number> }>();
      for (const { artifact, interval } of wanted) {
        const name = nameOf(artifact);
        const one = byName.get(name);
        if (one) one.intervals.add(interval);
        else byName.set(name, { artifact, intervals: new Set([interval]) });
      }
      for (const name of known.keys()) if (!byName.has(name)) known.delete(name);
      const due: Due[] = [];
      const first = new Map<Artifact, number>();
      for (const [name, { artifact, intervals }] of byName) {
        const before = known.get(name);
        const { dueAt, polledAt } = before ?? { dueAt: new Map<number, number>(), polledAt: -Infinity };
        for (const interval of dueAt.keys()) if (!intervals.has(interval)) dueAt.delete(interval);
        const come = [...intervals].filter((interval) => (dueAt.get(interval) ?? now) <= now);
        if (come.length === 0 || polledAt + Math.min(...intervals) * 1000 > now) continue;
        const since = Math.min(...come.map((interval) => dueAt.get(interval) ?? now));
        for (const interval of come) dueAt.set(interval, now + interval * 1000 * (before ? 1 : 1 + chance() / 2));
        known.set(name, { dueAt, polledAt: now });
        due.push({ artifact, intervals: come, since });
        if (!before) first.set(artifact, chance() + (artifact.type === "chart" ? 1 : 0));
      }
      return due.sort((a, b) => (first.get(a.artifact) ?? 0) - (first.get(b.artifact) ?? 0));
    },
  };
}
