import { line } from "d3-shape";
import { type Html, html } from "../html.ts";
import { clock } from "../parts/time.ts";
import { emptyFigure, figure } from "./figure.ts";
import { countedMarks, drawMarks, listMarks, type Mark } from "./marks.ts";
import { durationText, exactText, numberText } from "./numbers.ts";
import { createPlot, drawing, grid, path, type Plot, stretched, ticks } from "./plot.ts";

/** Values by time: seconds since 1970, and a value. One that is no number is a gap. */
export interface Series {
  name: string;
  points: readonly (readonly [seconds: number, value: number])[];
}

export interface SeriesMark {
  /** Seconds since 1970. */
  at: number;
  kind: "update" | "rollback";
  label: string;
  href?: string;
}

export interface SeriesPicture {
  /** Of the picture's elements. */
  id: string;
  title: string;
  /** `s` is told as a duration; an empty one counts things. */
  unit: string;
  /** Seconds since 1970. */
  from: number;
  to: number;
  series: readonly Series[];
  marks: readonly SeriesMark[];
  /**
   * Whether the marks are listed in words below: of pictures of the same time it is enough that one does.
   *
   * @default true
   */
  listsMarks?: boolean;
}

/** A value for each series at one moment. */
interface Moment {
  /** Milliseconds. */
  at: number;
  values: (number | undefined)[];
}

/** More moments than this are told by the highest value of each of as many equal parts. */
const MOST = 300;
/** So many lines can be told from each other. */
const LINES = 6;

/** The moments of all series, in their order; of too many the highest value in each part of the time. */
export function momentsOf(series: readonly Series[], from: number, to: number): Moment[] {
  const all = new Set<number>();
  for (const { points } of series) {
    for (const [at] of points) if (at >= from && at <= to) all.add(at);
  }
  const part = all.size > MOST && to > from ? (to - from) / MOST : undefined;
  const placeOf = (at: number) =>
    part === undefined ? at : from + Math.min(MOST - 1, Math.floor((at - from) / part)) * part;
  const moments = new Map<number, Moment>();
  series.forEach(({ points }, index) => {
    for (const [at, value] of points) {
      if (!(at >= from && at <= to)) continue;
      const place = placeOf(at);
      let moment = moments.get(place);
      if (!moment) moments.set(place, moment = { at: Math.round(place * 1000), values: series.map(() => undefined) });
      const known = moment.values[index];
      if (Number.isFinite(value) && (known === undefined || value > known)) moment.values[index] = value;
    }
  });
  return [...moments.values()].sort((one, other) => one.at - other.at);
}

/** The usual time between two moments: what is longer than one and a half of it without a value is a gap. */
function stepOf(moments: readonly Moment[]): number {
  const steps = moments.slice(1).map(({ at }, index) => at - moments[index]!.at).sort((one, other) => one - other);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** The points of one series, with an undefined one where its line ends for a while. */
function withGaps(moments: readonly Moment[], index: number, step: number): ([number, number] | undefined)[] {
  const points: ([number, number] | undefined)[] = [];
  let last: number | undefined;
  for (const { at, values } of moments) {
    const value = values[index];
    if (value === undefined) continue;
    if (last !== undefined && at - last > step * 1.5) points.push(undefined);
    points.push([at, value]);
    last = at;
  }
  return points;
}

/** Several values over time, with the updates and rollbacks of that time. */
export function seriesPicture(
  { id, title, unit, from, to, series: told, marks: toldMarks, listsMarks = true }: SeriesPicture,
): Html {
  const series = told.slice(0, LINES);
  const moments = momentsOf(series, from, to);
  const values = moments.flatMap(({ values }) => values.filter((value) => value !== undefined));
  if (values.length === 0) return emptyFigure(id, title, "Nothing was measured in this time");
  const highest = values.reduce((highest, value) => Math.max(highest, value));
  const lowest = values.reduce((lowest, value) => Math.min(lowest, value));
  const plot = createPlot({ from: from * 1000, to: to * 1000, lowest, highest, unit, isCount: unit === "" });
  const marks: Mark[] = toldMarks.filter(({ at }) => at >= from && at <= to).map((mark) => ({
    ...mark,
    at: mark.at * 1000,
  }));
  const lines = series.map((_, index) => drawLine(plot, withGaps(moments, index, stepOf(moments)), `line s${index}`));
  return figure({
    id,
    title,
    note: noteOf(unit, told.length - series.length),
    keys: series.map(({ name }, index) => ({ name, classes: `line s${index}`, isLine: true })),
    picture: drawing(id, title, descriptionOf(series, moments, plot, marks), [
      grid(plot),
      stretched(lines),
      ticks(plot),
    ], drawMarks(marks, plot)),
    marks: listMarks(id, listsMarks ? marks : []),
    columns: series.map(({ name }) => name),
    rows: moments.map(({ at, values }) => ({
      percent: plot.percent(at),
      at: clock(at),
      cells: values.map((value) => exactText(value, unit)),
    })),
  });
}

function drawLine(plot: Plot, points: ([number, number] | undefined)[], classes: string): Html {
  const draw = line<[number, number] | undefined>()
    .defined((point) => point !== undefined)
    .x((point) => plot.x(point![0])).y((point) => plot.y(point![1])).digits(1);
  const isAlone = (index: number) => points[index] && !points[index - 1] && !points[index + 1];
  // a line without length, of which its round end makes a dot
  const dots = points.map((point, index) => isAlone(index) ? `M${plot.x(point![0])},${plot.y(point![1])}h0` : "");
  const connected = points.map((point, index) => isAlone(index) ? undefined : point);
  return html`${path(draw(connected), classes)}${path(dots.join(""), `${classes} dot`)}`;
}

const noteOf = (unit: string, left: number): string =>
  [unit === "s" ? "" : unit, left > 0 ? `${left} more are not drawn` : ""].filter((text) => text !== "").join(", ");

function descriptionOf(series: readonly Series[], moments: Moment[], plot: Plot, marks: readonly Mark[]): string {
  const last = series.map(({ name }, index) => {
    const value = moments.findLast(({ values }) => values[index] !== undefined)?.values[index];
    return `${name} ${numberText(value, plot.unit)}`;
  });
  return `Over ${durationText(Math.round((plot.to - plot.from) / 1000))}; last ${last.join(", ")}; ${
    countedMarks(marks)
  }`;
}
