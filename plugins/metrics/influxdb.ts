import { type CsvRecord, recordsOf } from "./influxdb/annotated_csv.ts";
import { defineMetrics, type MetricsContext, type RangeQuery, type Sample, type Series } from "../../core/plugin.ts";
import { knows, latest, overTime } from "./influxdb/flux.ts";
import { query } from "./influxdb/query.ts";

export default defineMetrics({
  kind: "metrics",
  name: "influxdb",
  title: "InfluxDB",
  description: "InfluxDB 2, asked in Flux, whichever way the metrics were scraped into it.",
  async available(context, signal) {
    return (await ask(context, (bucket) => knows(bucket, "headwind_updates_pending"), signal)).length > 0;
  },
  async current(context, signal) {
    return (await ask(context, latest, signal)).flatMap(sampleOf);
  },
  async range(asked, context, signal) {
    return seriesOf(await ask(context, (bucket) => overTime(bucket, asked), signal), asked);
  },
});

async function ask(context: MetricsContext, flux: (bucket: string) => string, signal: AbortSignal) {
  const { place } = context;
  if (!place) throw new Error("nobody says where InfluxDB is");
  const { org, bucket, token } = place;
  if (!org || !bucket || !token) throw new Error("InfluxDB wants `org`, `bucket` and a token");
  return recordsOf(await query({ url: place.url, org, token, flux: flux(bucket) }, context.fetch, signal));
}

/** Of scraped metrics InfluxDB's own columns begin with `_`; the rest are labels, but for these. */
const NO_LABELS = new Set(["result", "table"]);

function labelsOf(record: CsvRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => !name.startsWith("_") && !NO_LABELS.has(name)),
  );
}

function sampleOf(record: CsvRecord): Sample[] {
  const { _measurement: measurement = "", _field: field = "", _value: text } = record;
  const value = numberOf(text);
  if (value === undefined) return [];
  const labels = labelsOf(record);
  if (measurement === "prometheus") return [{ name: field, labels, value }];
  if (field === "counter" || field === "gauge") return [{ name: measurement, labels, value }];
  if (field === "sum" || field === "count") return [{ name: `${measurement}_${field}`, labels, value }];
  return [{ name: `${measurement}_bucket`, labels: { ...labels, le: field }, value }];
}

function seriesOf(records: readonly CsvRecord[], { by = [], start, end }: RangeQuery): Series[] {
  const series = new Map<string, Series>();
  for (const record of records) {
    const [time, value] = [Date.parse(record._time ?? "") / 1000, numberOf(record._value)];
    if (!(time >= start && time <= end) || value === undefined || !Number.isFinite(value)) continue;
    const labels = Object.fromEntries(by.flatMap((name) => record[name] === undefined ? [] : [[name, record[name]!]]));
    const key = JSON.stringify(labels);
    const one = series.get(key) ?? { labels, points: [] };
    series.set(key, one);
    one.points.push([time, value]);
  }
  return [...series.values()];
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[+-]?Inf$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isNaN(value) && text !== "NaN" ? undefined : value;
}
