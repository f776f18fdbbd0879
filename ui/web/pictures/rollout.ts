import { area, curveStepAfter, stack } from "d3-shape";
import { type Html, html } from "../html.ts";
import { clock } from "../parts/time.ts";
import { emptyFigure, figure, type Row } from "./figure.ts";
import { byTime, drawMarks, listMarks, type Mark, type MarkKind } from "./marks.ts";
import { counted, durationText, exactText } from "./numbers.ts";
import { createPlot, drawing, grid, path, stretched, ticks } from "./plot.ts";

/** How many pods there were: of what ran before, of what was brought in, and of those the ready ones. */
export interface RolloutSample {
  at: string;
  old: number;
  new: number;
  ready: number;
}

export interface RolloutMark {
  at: string;
  kind: Exclude<MarkKind, "update">;
  label: string;
}

export interface Rollout {
  /** Of the picture's elements. */
  id: string;
  title?: string;
  samples: readonly RolloutSample[];
  marks: readonly RolloutMark[];
  /** The picture goes on until then: it is still under way. */
  now?: string | undefined;
}

/** Counts that hold from a moment on. */
interface Counts {
  at: number;
  ready: number;
  waiting: number;
  old: number;
}

const bands = [
  { key: "ready", name: "new, ready", classes: "band ready" },
  { key: "waiting", name: "new, not ready", classes: "band waiting" },
  { key: "old", name: "old", classes: "band old" },
] as const;

/** What is stored may be of a later Headwind, or made by hand: what is no count is none. */
const count = (value: number): number => Number.isFinite(value) && value > 0 ? value : 0;

function countsOf(samples: readonly RolloutSample[]): Counts[] {
  return samples
    .map((sample) => {
      const [fresh, ready] = [count(sample.new), count(sample.ready)];
      return {
        at: Date.parse(sample.at),
        ready: Math.min(ready, fresh),
        waiting: Math.max(0, fresh - ready),
        old: count(sample.old),
      };
    })
    .filter(({ at }) => Number.isFinite(at))
    .sort((one, other) => one.at - other.at);
}

/** The pods of one update over time: old ones, new ones that are not ready, and new ones that are. */
export function rolloutPicture({ id, title = "Rollout", samples, marks: told, now }: Rollout): Html {
  const counts = countsOf(samples);
  const marks: Mark[] = byTime(told.map((mark) => ({ ...mark, at: Date.parse(mark.at) })));
  const first = counts[0];
  if (!first) {
    return html`${emptyFigure(id, title, "No pods were counted yet")}${listMarks(id, marks)}`;
  }
  const times = [...counts.map(({ at }) => at), ...marks.map(({ at }) => at), ...(now ? [Date.parse(now)] : [])];
  const [from, to] = [Math.min(...times), Math.max(...times)].map((at) => Number.isFinite(at) ? at : first.at);
  const highest = Math.max(...counts.map(({ ready, waiting, old }) => ready + waiting + old));
  const plot = createPlot({ from: from!, to: to!, lowest: 0, highest, isCount: true });
  const held = [...counts, { ...counts.at(-1)!, at: plot.to }];
  const draw = area<{ 0: number; 1: number; data: Counts }>()
    .x(({ data }) => plot.x(data.at)).y0((band) => plot.y(band[0])).y1((band) => plot.y(band[1]))
    .curve(curveStepAfter).digits(1);
  const layers = stack<Counts, "ready" | "waiting" | "old">().keys(bands.map(({ key }) => key))(held);
  const areas = layers.map((layer, index) => path(draw(layer), bands[index]!.classes));
  const last = counts.at(-1)!;
  const description = `${counted(counts.length, "count")} over ${
    durationText(Math.round((plot.to - plot.from) / 1000))
  }; at the end ${countText(last)}`;
  return figure({
    id,
    title,
    note: "pods",
    keys: bands.toReversed().map(({ name, classes }) => ({ name, classes })),
    picture: drawing(id, title, description, [grid(plot), stretched(areas), ticks(plot)], drawMarks(marks, plot)),
    marks: listMarks(id, marks),
    columns: ["Old", "New, not ready", "New, ready", "What happened"],
    rows: rowsOf(counts, marks).map(({ at, counts, told }): Row => ({
      percent: plot.percent(at),
      at: clock(at),
      cells: [exactText(counts?.old), exactText(counts?.waiting), exactText(counts?.ready), told.join("; ")],
    })),
  });
}

const countText = ({ old, waiting, ready }: Counts): string =>
  `${old} old, ${waiting} new not ready, ${ready} new ready`;

/** Each moment at which something changed: the counts from then on, where they are known by then, and what happened. */
function rowsOf(counts: Counts[], marks: Mark[]): { at: number; counts: Counts | undefined; told: string[] }[] {
  const moments = [...new Set([...counts, ...marks].map(({ at }) => at))].sort((one, other) => one - other);
  return moments.map((at) => ({
    at,
    counts: counts.findLast((sample) => sample.at <= at),
    told: marks.filter((mark) => mark.at === at).map(({ label }) => label),
  }));
}
