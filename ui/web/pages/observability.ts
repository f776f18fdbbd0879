import {
  type BackendState,
  CATALOG,
  type CurrentNumbers,
  currentNumbers,
  lastDay,
  type Period,
  type UpdateRow,
} from "../../../core/web.ts";
import { type Chart, readCharts, sum } from "./observability_charts.ts";
import { type Html, html } from "../html.ts";
import { limits, notice } from "../parts/notice.ts";
import { NO_QUERY, page, region } from "../page.ts";
import { type SeriesMark, seriesPicture } from "../pictures/series.ts";
import { emptyFigure } from "../pictures/figure.ts";
import { time } from "../parts/time.ts";
import { updatePath } from "../paths.ts";
import { visibleUpdates } from "../identity/visible_updates.ts";

interface Shown {
  period: Period;
  /** Unix seconds. */
  now: number;
  backend: BackendState | undefined;
  current: CurrentNumbers | undefined;
  /** Why there is none of it, in the backend's words. */
  problem: string | undefined;
  charts: Chart[];
  marks: SeriesMark[];
  /** This replica. */
  replica: string;
  /** Whether it is the one that polls and reconciles. */
  leads: boolean;
}

/** What was counted and measured in the last day, and where that is known from. */
export default page<typeof NO_QUERY, Shown>({
  path: "/observability",
  query: NO_QUERY,
  async read({ context, person, now }) {
    const { numbers } = context;
    const period = lastDay(now);
    const backend = await numbers.state();
    const [samples, charts, { rows }] = await Promise.all([
      backend === undefined ? undefined : numbers.current().catch((error: Error) => error.message),
      backend === undefined ? [] : readCharts(numbers, period),
      visibleUpdates({ context, person }),
    ]);
    return {
      period,
      now: now.getTime() / 1000,
      // asked for the numbers, it may have been left for another
      backend: await numbers.state(),
      current: Array.isArray(samples) ? currentNumbers(samples) : undefined,
      problem: Array.isArray(samples) ? undefined : samples,
      charts: charts.map((chart) => endingNow(chart, now.getTime() / 1000)),
      marks: marksOf(rows, period),
      replica: context.identity,
      leads: Array.isArray(samples) && samples.some(({ name, value }) => name === CATALOG.leader.name && value === 1),
    };
  },
  title: () => "Observability",
  regions: (shown) => [
    region("numbers", numbersNow(shown)),
    region("backend", whichBackend(shown)),
    ...shown.charts.map((chart, index) => region(`chart-${chart.id}`, pictureOf(chart, shown, index === 0))),
    region("limits", whatIsLeftOut(shown)),
  ],
});

/** The step that runs ends later; what is known of it is of now. */
const endingNow = (chart: Chart, now: number): Chart => ({
  ...chart,
  series: chart.series.map(({ name, points }) => ({
    name,
    points: points.map(([at, value]): [number, number] => [Math.min(at, now), value]),
  })),
});

/** Updates that were applied and versions that were taken back, of those that the reader may see. */
function marksOf(rows: readonly UpdateRow[], { start, end }: Period): SeriesMark[] {
  return rows.flatMap((row): SeriesMark[] => {
    const { target, namespace, from, to, request: { status } } = row;
    const what = `${target} in ${namespace}`;
    const href = updatePath(row);
    const applied = Date.parse(status?.appliedAt ?? "") / 1000;
    const back = row.phase === "RolledBack" && row.since !== undefined ? row.since / 1000 : NaN;
    const marks: SeriesMark[] = [
      { at: applied, kind: "update", label: `${what} ${from} → ${to}`, href },
      { at: back, kind: "rollback", label: `${what} back to ${from}`, href },
    ];
    return marks.filter(({ at }) => at >= start && at <= end);
  });
}

function numbersNow({ current, problem, charts, backend }: Shown): Html {
  if (backend === undefined) return html``;
  if (!current) return notice("bad", `The current numbers cannot be read: ${problem}`);
  const updates = charts.find(({ id }) => id === "updates")?.series ?? [];
  const ofDay = (name: string) => {
    const series = updates.find((one) => one.name === name);
    return [series ? sum(series) : 0, `${name.toLowerCase()} in 24 h`] as const;
  };
  const watched = charts.find(({ id }) => id === "watched")?.series ?? [];
  const cronJobs = watched.find(({ name }) => name === "CronJobs")?.points.at(-1)?.[1];
  const cards = [
    [current.updates_pending, "pending"] as const,
    ...["Approved", "Applied", "Failed", "Rolled back"].map(ofDay),
    [current.deployments_watched, "Deployments"] as const,
    [current.statefulsets_watched, "StatefulSets"] as const,
    [current.daemonsets_watched, "DaemonSets"] as const,
    ...(cronJobs === undefined ? [] : [[cronJobs, "CronJobs"] as const]),
    [current.helm_releases_watched, "HelmReleases"] as const,
  ];
  return html`<ul class="cards" aria-label="Current numbers">${
    cards.map(([value, name]) => html`<li><span>${name}<strong>${Math.round(value)}</strong></span></li>`)
  }</ul>`;
}

function whichBackend({ backend, replica, leads }: Shown): Html {
  if (backend === undefined) {
    return notice("bad", "There is no metrics plugin to ask: HEADWIND_DISABLED_PLUGINS leaves all of them out");
  }
  const { name, title, url, found, since, passed } = backend;
  const where = url === undefined ? "" : [" at ", mono(url)];
  const how = found ? html`, found among the cluster's Services` : "";
  const text = name === "live"
    ? html`
      Numbers of this replica alone, ${replica}, since it started, for a day at most. ${leads
        ? "It polls and reconciles."
        : "Another replica polls and reconciles, and counts what it does."}
    `
    : html`Numbers of all replicas from ${title}${where}${how}, in use since ${time(since)}.`;
  const others = passed.map(({ title, url, why }) =>
    html`<li><b>${title}</b>${url === undefined ? "" : [" ", mono(url)]}: ${why}</li>`
  );
  const isLeft = name === "live" && passed.some(({ url }) => url !== undefined);
  return html`${notice(isLeft ? "warn" : "quiet", text)}${
    others.length === 0 ? "" : html`
      <details id="passed">
        <summary>Why no other backend</summary>
        <ul>${others}</ul>
      </details>
    `
  }`;
}

const mono = (text: string): Html => html`<span class="mono">${text}</span>`;

/** The marks stand in all of them; once they are told in words, in the first. */
function pictureOf(
  { id, title, unit, series, problem }: Chart,
  { period, now, marks }: Shown,
  listsMarks: boolean,
): Html {
  const pictureId = `picture-${id}`;
  if (problem !== undefined) return emptyFigure(pictureId, title, problem);
  return seriesPicture({
    id: pictureId,
    title,
    unit,
    from: period.start,
    to: Math.max(now, period.start),
    series,
    marks,
    listsMarks,
  });
}

function whatIsLeftOut({ backend }: Shown): Html {
  const own = backend?.name === "live"
    ? html`
      What happened before this replica started is not known without a metrics backend: Prometheus, VictoriaMetrics or InfluxDB.
    `
    : "";
  return limits(html`
    A point stands for five minutes, and the last one for those that have begun. Marks are the updates and rollbacks that are kept, and that you may see. ${own}
  `);
}
