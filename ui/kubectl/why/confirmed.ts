import { decide } from "../../../core/policy/decide.ts";
import { readAs } from "../../../core/versions/compare.ts";
import type { SeenVersion } from "../../../core/plugin.ts";
import type { SlotRef } from "../../../core/workloads/workload_index.ts";

/** Which of the versions that the policy would take the registry has charts for: it lists images and signatures too. */
export interface Confirmed {
  /** The version that is taken; absent where none is. */
  chart?: string;
  /** Versions that would be taken before it, if there were charts of them. */
  noCharts: string[];
}

/** Versions that are asked about, from the highest on. */
const mostAsked = 5;

/** Asks about the version that is taken, and about the next one where that is no chart. Throws what `isChart` throws. */
export async function confirm(
  { workload: { settings }, slot }: SlotRef,
  versions: readonly SeenVersion[],
  isChart: (version: string) => Promise<boolean>,
): Promise<Confirmed> {
  const noCharts: string[] = [];
  const current = readAs(slot, slot.current);
  while (settings && current && noCharts.length < mostAsked) {
    const candidates = versions.filter(({ tag }) => !noCharts.includes(tag));
    const { verdicts } = decide({ policy: settings.policy, type: "chart", current, candidates, complete: true });
    const chart = verdicts.find(({ taken }) => taken)?.candidate.tag;
    if (chart === undefined) break;
    if (await isChart(chart)) return { chart, noCharts };
    noCharts.push(chart);
  }
  return { noCharts };
}
