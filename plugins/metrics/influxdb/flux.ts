import type { RangeQuery } from "../../../core/plugin.ts";

/** A text as Flux writes it: like JSON's, but that `${…}` in it would be evaluated. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("${", "\\${");

const list = (names: readonly string[]): string => `[${names.map(quoted).join(", ")}]`;

/** Columns that each record has. */
const OWN = ["_time", "_value"];

/**
 * The records of one metric. Scraped metrics stand in two layouts: by the measurement (InfluxDB's scraper, Telegraf's
 * `metric_version = 1`), and by the field of the measurement `prometheus` (Telegraf's `metric_version = 2`). In the first a
 * histogram is one measurement, whose fields are its bounds, `sum` and `count`.
 *
 * Source: https://docs.influxdata.com/influxdb/v2/reference/prometheus-metrics/
 */
function ofMetric(metric: string): string {
  const inFields = `(r._measurement == "prometheus" and r._field == ${quoted(metric)})`;
  const plain = `(r._measurement == ${quoted(metric)} and (r._field == "counter" or r._field == "gauge"))`;
  const [, base, part] = /^(.+)_(bucket|sum|count)$/.exec(metric) ?? [];
  if (base === undefined) return `${plain} or ${inFields}`;
  const field = part === "bucket" ? `r._field != "sum" and r._field != "count"` : `r._field == ${quoted(part!)}`;
  return `${plain} or ${inFields} or (r._measurement == ${quoted(base)} and ${field})`;
}

/** In the first layout a bucket's bound is its field, in the second the label `le` as it was. */
const withBound = (metric: string): string[] =>
  metric.endsWith("_bucket")
    ? [
      "|> map(fn: (r) => ({r with le: if exists r.le then r.le else r._field}))",
      `|> group(columns: ["_time", "_value"], mode: "except")`,
    ]
    : [];

const from = (bucket: string, start: string, stop: string): string[] => [
  `from(bucket: ${quoted(bucket)})`,
  `|> range(start: ${start}, stop: ${stop})`,
];

/** Whether there is any record of a metric lately. */
export function knows(bucket: string, metric: string): string {
  return [...from(bucket, "-1h", "now()"), `|> filter(fn: (r) => ${ofMetric(metric)})`, "|> limit(n: 1)"].join("\n  ");
}

/** The last record of each series of Headwind's. */
export function latest(bucket: string): string {
  const ours = 'r._measurement =~ /^headwind_/ or (r._measurement == "prometheus" and r._field =~ /^headwind_/)';
  return [...from(bucket, "-5m", "now()"), `|> filter(fn: (r) => ${ours})`, "|> last()", "|> toFloat()"].join("\n  ");
}

/** A metric over time: the server does what `RangeQuery` says, so that what comes is a point for each step. */
export function overTime(bucket: string, { metric, start, end, step, as, by = [] }: RangeQuery): string {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString();
  const isCounter = as === "increase";
  return [
    "records = " + [
      // of a counter also the records before the first step, to count from
      ...from(bucket, time(start - (isCounter ? 2 : 1) * step), time(end)),
      `|> filter(fn: (r) => ${ofMetric(metric)})`,
      "|> toFloat()",
      ...withBound(metric),
    ].join("\n  "),
    ...(isCounter ? counted(time(start - step)) : []),
    [
      isCounter ? "union(tables: [counted, begun])" : "records",
      `|> aggregateWindow(every: ${step}s, fn: ${isCounter ? "sum" : "last"}, createEmpty: false)`,
      `|> group(columns: ${list(["_time", ...by])})`,
      `|> ${isCounter ? "sum" : "max"}()`,
      `|> group(columns: ${list(by)})`,
      `|> keep(columns: ${list([...OWN, ...by])})`,
      `|> sort(columns: ["_time"])`,
    ].join("\n  "),
  ].join("\n");
}

/**
 * What was counted from record to record: `increase()` knows of counters that begin anew, `difference()` does not. The first
 * value of a series that began since `from` is taken for counted then where it is small, as VictoriaMetrics does.
 */
const counted = (from: string): string[] => [
  "counted = records |> increase() |> difference()",
  `begun = records |> first() |> filter(fn: (r) => r._time >= ${from} and r._value < 10.0)`,
];
