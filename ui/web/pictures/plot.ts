import { scaleLinear, scaleUtc } from "d3-scale";
import { type Html, html, raw } from "../html.ts";
import { clockText, dayText } from "../parts/time.ts";
import { numberText } from "./numbers.ts";

/**
 * The frame of a picture over time. Its width is that of the page: what has a place in time has it in per cent, so text and
 * marks keep their size, and only lines and areas, in a picture of {@link WIDE} units within, are stretched.
 */
const WIDE = 1000;
/** Pixels: of the strip for marks above the plot, of the plot, and of the strip for times below it. */
export const [ABOVE, TALL, BELOW] = [34, 140, 22];

export interface Plot {
  /** Milliseconds. */
  from: number;
  to: number;
  /** The place of a time, from 0 to 100. */
  percent: (at: number) => number;
  /** The place of a time, from 0 to {@link WIDE}. */
  x: (at: number) => number;
  /** The place of a value, from {@link TALL}, the lowest, to 0. */
  y: (value: number) => number;
  valueTicks: number[];
  unit: string;
}

export interface PlotOptions {
  from: number;
  to: number;
  lowest: number;
  highest: number;
  unit?: string;
  /** Only whole numbers are told at the side. */
  isCount?: boolean;
}

/** One decimal: what a screen shows, in as few bytes. */
const tidy = (value: number): number => Math.round(value * 10) / 10;

export function createPlot({ from, to, lowest, highest, unit = "", isCount = false }: PlotOptions): Plot {
  const end = to > from ? to : from + 1000;
  const bottom = Math.min(0, lowest);
  const top = highest > bottom ? highest : bottom + 1;
  const places = scaleUtc([from, end], [0, 100]).clamp(true);
  const values = scaleLinear([bottom, top], [TALL, 0]).nice(3);
  const ticks = values.ticks(3);
  return {
    from,
    to: end,
    percent: (at) => Math.round(places(at) * 100) / 100,
    x: (at) => tidy(places(at) * WIDE / 100),
    y: (value) => tidy(values(value)),
    valueTicks: isCount ? ticks.filter(Number.isInteger) : ticks,
    unit,
  };
}

const minute = 60_000;
/** Characters of times that have room below half a page. */
const ROOM = 64;

/** Round times on the axis, and what is said of each. */
function timeTicks({ from, to }: Pick<Plot, "from" | "to">): { at: number; text: string }[] {
  const span = to - from;
  const text = (at: number) =>
    span > 36 * 60 * minute ? dayText(at).slice(5) : clockText(at).slice(0, span < 4 * minute ? 8 : 5);
  const ticks = scaleUtc().domain([from, to]).ticks(6).map((at) => ({ at: at.getTime(), text: text(at.getTime()) }));
  // of times closer than a second, and of days closer than one, one is told
  return ticks.filter((tick, index) => tick.text !== ticks[index - 1]?.text);
}

/** The lines behind the data. */
export function grid(plot: Plot): Html {
  const lines = plot.valueTicks.map((value) => {
    const y = ABOVE + plot.y(value);
    return html`
      <line x1="0" x2="100%" y1="${y}" y2="${y}" />
    `;
  });
  return html`<g class="grid">${lines}</g>`;
}

/** Pixels from the edge to what the lines stand for: the line of a first mark is at the edge. */
const ASIDE = 5;

/** What the lines stand for, over the data. */
export function ticks(plot: Plot): Html {
  const values = plot.valueTicks.map((value) =>
    html`<text x="${ASIDE}" y="${ABOVE + plot.y(value) - 4}">${numberText(value, plot.unit)}</text>`
  );
  const times = timeTicks(plot).map(({ at, text }) => ({ at, text, percent: plot.percent(at) }))
    // at the edges there is no room for a text below its time
    .filter(({ percent }) => percent > 4 && percent < 96);
  const step = Math.ceil(times.length * (times[0]?.text.length ?? 0) / ROOM);
  const shown = times.filter((_, index) => index % step === 0)
    .map(({ at, text, percent }, index) => {
      const place = html`class="${index % 2 === 1 ? "odd" : ""}" x="${percent}%" y="${ABOVE + TALL + 16}"`;
      return html`<text ${place} text-anchor="middle" data-at="${new Date(at).toISOString()}">${text}</text>`;
    });
  return html`<g class="ticks">${values}${shown}</g>`;
}

/** What is stretched over the width of the plot: `content` is in units of {@link WIDE} by {@link TALL}. */
export function stretched(content: Html | Html[]): Html {
  return html`
    <svg x="0" y="${ABOVE}" width="100%" height="${TALL}" viewBox="0 0 ${WIDE} ${TALL}"
      preserveAspectRatio="none" overflow="visible">${content}</svg>
  `;
}

/**
 * The whole picture; `title` and `description` are what a screen reader says of it. To it the picture is one image, so what can
 * be pressed stands over it: `above`.
 */
export function drawing(id: string, title: string, description: string, content: Html[], above: Html): Html {
  const foot = ABOVE + TALL;
  const named = html`aria-labelledby="${id}-title" aria-describedby="${id}-desc"`;
  return html`
    <div class="drawing">
      <svg id="${id}-plot" class="plot" role="img" tabindex="0" ${named} width="100%" height="${foot + BELOW}">
        <title id="${id}-title">${title}</title>
        <desc id="${id}-desc">${description}</desc>
        ${content}
        <line class="cursor" x1="0" x2="0" y1="${ABOVE - 6}" y2="${foot}" visibility="hidden"/>
      </svg>
      <svg class="above" aria-hidden="true" width="100%" height="${foot}">${above}</svg>
    </div>
  `;
}

/** A path from d3; empty where there is nothing to draw. */
export const path = (d: string | null, classes: string, attributes = ""): Html =>
  d
    ? html`
      <path class="${classes}" d="${d}" vector-effect="non-scaling-stroke" ${raw(attributes)} />
    `
    : html``;
