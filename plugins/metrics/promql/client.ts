import type { MetricsContext, MetricsPlugin, RangeQuery, Sample, Series } from "../../../core/plugin.ts";
import { type Answer, ask } from "./ask.ts";

/** What differs among those that speak PromQL. */
export interface Dialect {
  name: string;
  title: string;
  description: string;
  /** The expression for what each series of `metric` counted in the `step` seconds before a point. */
  increase(metric: string, step: number): string;
}

/** Of these each replica has one, from its start on. */
const KNOWN = "headwind_updates_pending";

/** A backend that is asked in PromQL. */
export function promqlBackend({ name, title, description, increase }: Dialect): MetricsPlugin {
  const query = (context: MetricsContext, text: string, signal: AbortSignal) =>
    ask(title, "query", { query: text }, context, signal);
  return {
    kind: "metrics",
    name,
    title,
    description,
    async available(context, signal) {
      return rowsOf(title, await query(context, `count(${KNOWN})`, signal), "vector").length > 0;
    },
    async current(context, signal) {
      const answer = await query(context, '{__name__=~"headwind_.+"}', signal);
      return rowsOf(title, answer, "vector").flatMap(sampleOf);
    },
    async range(asked, context, signal) {
      const { start, end, step } = asked;
      const parameters = { query: expression(asked, increase), start: `${start}`, end: `${end}`, step: `${step}` };
      const answer = await ask(title, "query_range", parameters, context, signal);
      return rowsOf(title, answer, "matrix").flatMap((row) => seriesOf(row, asked));
    },
  };
}

function expression({ metric, step, as, by = [] }: RangeQuery, increase: Dialect["increase"]): string {
  const kept = by.length > 0 ? ` by (${by.join(",")})` : "";
  return as === "max" ? `max${kept} (${metric})` : `sum${kept} (${increase(metric, step)})`;
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
interface Row {
  metric: Record<string, string>;
  value?: unknown;
  values?: unknown;
}

function rowsOf(title: string, { data }: Answer, type: "vector" | "matrix"): Row[] {
  const { resultType, result } = (data ?? {}) as { resultType?: unknown; result?: unknown };
  if (resultType !== type || !Array.isArray(result)) throw new Error(`${title} answered with no ${type}`);
  return result.filter((row): row is Row => typeof row?.metric === "object" && row.metric !== null);
}

function sampleOf({ metric: { __name__: name = "", ...labels }, value }: Row): Sample[] {
  const point = pointOf(value);
  return point && name.startsWith("headwind_") ? [{ name, labels, value: point[1] }] : [];
}

function seriesOf({ metric, values }: Row, { start, end }: RangeQuery): Series[] {
  const { __name__: _, ...labels } = metric;
  const points = (Array.isArray(values) ? values : []).flatMap((value) => {
    const point = pointOf(value);
    return point && Number.isFinite(point[1]) && point[0] >= start && point[0] <= end ? [point] : [];
  });
  return points.length > 0 ? [{ labels, points }] : [];
}

function pointOf(value: unknown): [number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [time, text] = value;
  if (typeof time !== "number" || typeof text !== "string") return undefined;
  return [time, /^[+-]?Inf$/.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text)];
}
