import type { Sample } from "../../core/plugin.ts";

/** The two layouts in which scraped metrics stand in InfluxDB. */
export type Layout = "by measurement" | "by field";

/**
 * A scrape in line protocol, as InfluxDB's own scraper and Telegraf's `metric_version = 1` write it, or Telegraf's
 * `metric_version = 2`.
 *
 * Source: https://docs.influxdata.com/influxdb/v2/reference/prometheus-metrics/
 *
 * @param seconds when it was scraped
 */
export function influxLines(samples: readonly Sample[], layout: Layout, url: string, seconds: number): string {
  return samples.map(({ name, labels, value }) => {
    const [, base = name, part] = /^(.*_seconds)_(bucket|sum|count)$/.exec(name) ?? [];
    const { le, ...rest } = labels;
    const isFirst = layout === "by measurement";
    const measurement = isFirst ? base : "prometheus";
    const field = !isFirst ? name : part === "bucket" ? le! : part ?? (name.endsWith("_total") ? "counter" : "gauge");
    const tags = Object.entries({ ...(isFirst ? rest : labels), url }).map(([tag, of]) =>
      `,${escaped(tag)}=${escaped(of)}`
    );
    return `${escaped(measurement)}${tags.join("")} ${escaped(field)}=${value} ${Math.round(seconds * 1e3)}000000`;
  }).join("\n");
}

const escaped = (text: string): string => text.replace(/[,= ]/g, "\\$&").replaceAll("\n", "\\n");
