import type { PodCounts } from "../plugin/reading.ts";
import type { RolloutSample } from "../requests/update_request.ts";

/** As many as the CRD takes. */
export const MOST_SAMPLES = 40;
/** Milliseconds between two writes that are made for a sample alone. */
export const SAMPLES_APART_MS = 5_000;
/** Of the newest, so many stand as they were taken. */
const UNTHINNED = 10;

/**
 * The samples with one of these counts at the end, where they are other counts than the last. `now` is in milliseconds since 1970. Pure:
 * a replica that goes on where another was killed adds none twice.
 */
export function withSample(
  samples: readonly RolloutSample[] = [],
  pods: PodCounts | undefined,
  now: number,
): readonly RolloutSample[] {
  if (!pods || hasCounts(samples.at(-1), pods)) return samples;
  const { old, new: newer, ready } = pods;
  const at = new Date(now).toISOString();
  // of a clock that was ahead: they count as taken now, so that the order stays
  const before = samples.map((sample) => isAhead(sample, now) ? { ...sample, at } : sample);
  return thinned([...before, { at, old, new: newer, ready }]);
}

/** When a write is due that is made for a sample alone, in milliseconds since 1970; undefined where none is. */
export function sampleDueAt(
  samples: readonly RolloutSample[] = [],
  pods: PodCounts | undefined,
  now: number,
): number | undefined {
  const last = samples.at(-1);
  if (!pods || hasCounts(last, pods)) return undefined;
  return !last || isAhead(last, now) ? now : Date.parse(last.at) + SAMPLES_APART_MS;
}

const hasCounts = (sample: RolloutSample | undefined, { old, new: newer, ready }: PodCounts): boolean =>
  sample !== undefined && sample.old === old && sample.new === newer && sample.ready === ready;

const isAhead = ({ at }: RolloutSample, now: number): boolean => !(Date.parse(at) <= now);

/**
 * At most as many as are kept: the first, the newest, and of those between the ones that are furthest apart, so that a rollout of hours is
 * told as evenly as one of minutes.
 */
function thinned(samples: RolloutSample[]): readonly RolloutSample[] {
  while (samples.length > MOST_SAMPLES) {
    const timeOf = (index: number) => Date.parse(samples[index]!.at);
    let [closest, least] = [1, Infinity];
    for (let index = 1; index < samples.length - UNTHINNED; index++) {
      const span = timeOf(index + 1) - timeOf(index - 1);
      if (span < least) [closest, least] = [index, span];
    }
    samples.splice(closest, 1);
  }
  return samples;
}
