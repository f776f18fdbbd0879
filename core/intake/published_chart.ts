import { isRange } from "../versions/range.ts";
import { isOci, tagOfChartVersion } from "../versions/chart_repository_name.ts";
import { inTurns } from "../lib/time_slices.ts";
import { retryForSender } from "./soon.ts";
import { repositoryOf } from "../versions/repository_name.ts";
import type { Sighting } from "../plugin.ts";
import type { SlotRef } from "../workloads/workload_index.ts";
import type { VersionLookup } from "./registry_access.ts";
import { type ProposedUpdate, proposeUpdates } from "./wanted.ts";

/** Whether a version is one of the chart's, and not of something else that a registry has under the same name. */
export type IsPublished = (slotRef: SlotRef, version: string) => Promise<boolean>;

/** Polls need not ask again and again what a tag is that is no chart: milliseconds since 1970 of when it was found. */
export type NoCharts = Map<string, number>;

const rememberedMs = 600_000;
const mostRemembered = 10_000;
/** Versions of one release that a poll asks about: each takes a walk of the whole list. */
const mostAsked = 100;

export interface ChartsAskedOptions {
  lookup: VersionLookup;
  via: Sighting["via"];
  noCharts: NoCharts;
  now(): Date;
}

/**
 * Asks once for each version of one chart, and each login that its sources have. What a webhook told of may not be shown
 * yet; what a poll has found is.
 */
export function chartsAsked({ lookup, via, noCharts, now }: ChartsAskedOptions): IsPublished {
  const asked = new Map<string, Promise<boolean>>();
  const isChart = async (slotRef: SlotRef, version: string, key: string): Promise<boolean> => {
    const ask = () => lookup(slotRef, version);
    const time = now().getTime();
    if (via === "polling" && time - (noCharts.get(key) ?? -Infinity) < rememberedMs) return false;
    const host = repositoryOf(slotRef.slot)?.split("/")[0] ?? "";
    const found = await (via === "polling" ? ask() : retryForSender(ask, undefined, host));
    if (found !== undefined) noCharts.delete(key);
    else if (via === "polling") {
      if (noCharts.size >= mostRemembered) noCharts.clear();
      noCharts.set(key, time);
    }
    return found !== undefined;
  };
  return (slotRef, version) => {
    const key = JSON.stringify([slotRef.slot.prefix, version, slotRef.slot.source]);
    const answer = asked.get(key) ?? isChart(slotRef, version, key);
    asked.set(key, answer);
    return answer;
  };
}

/**
 * The want, or the next best one where what a registry has under that tag is no chart: registries keep images, signatures
 * and charts in one list. What a Helm repository's index names is a chart. Undefined where none is left, or none of the best
 * hundred is a chart.
 */
export async function publishedChart(
  want: ProposedUpdate,
  sighting: Sighting,
  isPublished: IsPublished,
): Promise<ProposedUpdate | undefined> {
  let { versions } = sighting;
  let best: ProposedUpdate | undefined = want;
  for (let asked = 0; best && asked < mostAsked; asked++) {
    const { slotRef, candidate }: ProposedUpdate = best;
    if (!isOci(slotRef.slot.source?.url ?? "")) return best;
    if (await isPublished(slotRef, candidate.tag)) return best;
    if (isRange(candidate.tag)) return undefined;
    const tag = tagOfChartVersion(candidate.tag);
    versions = versions.filter((version) => version.tag !== tag && version.tag !== candidate.tag);
    [best] = await inTurns(proposeUpdates({ ...sighting, versions }, [slotRef]));
  }
  return undefined;
}
