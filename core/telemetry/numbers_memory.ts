import { CHARTED, type Charted } from "./charted.ts";
import type { RangeQuery, Sample, Series } from "../plugin.ts";

export interface MemoryOptions {
  /** The numbers of this moment, of these metrics. */
  read(metrics: readonly string[]): Promise<Sample[]>;
  now(): Date;
  /** @default `CHARTED` */
  charted?: readonly Charted[];
}

/** What a process remembers of its own numbers: a day, a point every five minutes. */
export interface NumbersMemory {
  /** Takes down the numbers of this moment, for the next multiple of the step. */
  take(): Promise<void>;
  /** As a backend's `range`; of what is not remembered the value of this moment alone. */
  range(query: RangeQuery): Promise<Series[]>;
  /** Takes them down at each multiple of the step until `signal` is aborted. */
  run(signal: AbortSignal): void;
}

/** Seconds. */
export const STEP = 300;
/** A day and the point before it, from which the first step is counted. */
const POINTS = 24 * 3600 / STEP + 1;

interface Remembered {
  labels: Record<string, string>;
  /** By the point's place in the ring; absent as long as all were zero. */
  values?: Float64Array;
}

/** Below it a page that asks for several charts has the numbers read once. */
const FRESH_MS = 1_000;

/** Costs nothing until there is a number other than zero, and then 2 KiB for each series, of which there are few. */
export function createNumbersMemory({ read, now, charted = CHARTED }: MemoryOptions): NumbersMemory {
  const metrics = [...new Set(charted.map(({ metric }) => metric))];
  /** Of each place in the ring, which point it holds: its time as a multiple of the step. */
  let points: Float64Array | undefined;
  let firstPoint = Infinity;
  let taken = -Infinity;
  const known = new Map(charted.map((one) => [one, new Map<string, Remembered>()]));

  async function take(): Promise<void> {
    const samples = await read(metrics);
    const at = now().getTime();
    const point = Math.ceil(at / 1000 / STEP);
    const place = point % POINTS;
    points ??= new Float64Array(POINTS).fill(-1);
    points[place] = point;
    firstPoint = Math.min(firstPoint, point);
    taken = at;
    for (const one of charted) {
      const series = known.get(one)!;
      for (const { values } of series.values()) if (values) values[place] = NaN;
      for (const [key, { labels, value }] of together(samples, one)) {
        const kept: Remembered = series.get(key) ?? { labels };
        series.set(key, kept);
        if (value !== 0 && !kept.values) kept.values = new Float64Array(POINTS);
        if (kept.values) kept.values[place] = value;
      }
    }
  }

  function valueAt({ values }: Remembered, point: number): number {
    const place = point % POINTS;
    if (points?.[place] !== point) return NaN;
    return values ? values[place]! : 0;
  }

  function pointsOf(one: Remembered, { as, start, end }: RangeQuery): [number, number][] {
    const found: [number, number][] = [];
    const last = Math.ceil(end / STEP);
    const oldest = last - POINTS + 1;
    // a process counts from zero
    let before = firstPoint > oldest ? 0 : NaN;
    for (let point = oldest; point <= last; point++) {
      const value = valueAt(one, point);
      if (Number.isNaN(value)) continue;
      const shown = as === "max" ? value : Math.max(0, value - before);
      const time = Math.min(point * STEP, end);
      if (time >= start && !Number.isNaN(shown)) found.push([time, shown]);
      before = value;
    }
    return found;
  }

  return {
    take,
    async range(query) {
      const one = charted.find((other) => isSameQuestion(other, query));
      if (!one) {
        return [...together(await read([query.metric]), query).values()]
          .map(({ labels, value }) => ({ labels, points: [[query.end, value]] }));
      }
      if (!(Math.abs(now().getTime() - taken) < FRESH_MS)) await take();
      return [...known.get(one)!.values()].map((kept) => ({ labels: kept.labels, points: pointsOf(kept, query) }));
    },
    run(signal) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const next = () => {
        if (signal.aborted) return;
        const left = STEP * 1000 - now().getTime() % (STEP * 1000);
        // a moment before its time, so that it is that point's
        timer = setTimeout(
          () => void take().catch(() => {}).finally(next),
          (left > 1_000 ? left : left + STEP * 1000) - 500,
        );
        (timer as { unref?: () => void }).unref?.();
      };
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
      next();
    },
  };
}

/** The samples of a metric by the values of the labels that stay apart: of counters their sum, of gauges the greatest. */
export function together(
  samples: readonly Sample[],
  { metric, as, by = [] }: Pick<Charted, "metric" | "as" | "by">,
): Map<string, { labels: Record<string, string>; value: number }> {
  const found = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const { name, labels: all, value } of samples) {
    if (name !== metric) continue;
    const labels = Object.fromEntries(by.flatMap((label) => all[label] === undefined ? [] : [[label, all[label]]]));
    const key = JSON.stringify(labels);
    const one = found.get(key);
    if (!one) found.set(key, { labels, value });
    else one.value = as === "max" ? Math.max(one.value, value) : one.value + value;
  }
  return found;
}

const isSameQuestion = (one: Charted, other: Charted): boolean =>
  one.metric === other.metric && one.as === other.as && String(one.by ?? "") === String(other.by ?? "");
