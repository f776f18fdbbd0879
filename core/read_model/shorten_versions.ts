import { REASONS } from "../policy/policy_reasons.ts";
import type { VersionReport } from "./version_report.ts";

/** A list of versions in which those that say the same are only counted. */
export interface Shortened {
  shown: VersionReport[];
  /** How many were left out, by rule, the most first. */
  leftOut: [rule: string, count: number][];
}

/** Lists up to this length are shown whole. */
const short = 12;
/** Filtered versions that are shown of each rule, the highest. */
const shownOfRule = 3;

/** Everything that has a story of its own, and a few of what a rule filters, but no signatures. Pure. */
export function shorten(fates: readonly VersionReport[]): Shortened {
  const most = (rule: string) => rule === "signature" ? 0 : fates.length <= short ? short : shownOfRule;
  const counts = new Map<string, number>();
  const shown = fates.filter(({ state, rule }) => {
    if (state !== "filtered") return true;
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= most(rule);
  });
  const leftOut = [...counts].map(([rule, count]): [string, number] => [rule, count - most(rule)])
    .filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  return { shown, leftOut };
}

/** `9 lower, 3 pre-release` */
export const leftOutText = (leftOut: Shortened["leftOut"]): string =>
  leftOut.map(([rule, count]) => `${count} ${wordsOf(rule)}`).join(", ");

const wordsOf = (rule: string): string =>
  Object.hasOwn(REASONS, rule) ? REASONS[rule as keyof typeof REASONS].counted : rule;
