import { promqlBackend } from "./promql/client.ts";
import { defineMetrics } from "../../core/plugin.ts";

/** Seconds: no finer than most scrape. */
const RESOLUTION = 15;

export default defineMetrics(promqlBackend({
  name: "prometheus",
  title: "Prometheus",
  description: "Prometheus, asked in PromQL.",
  /**
   * Whole numbers, where `increase(m[5m])` gives 1.05 for one: it reckons from the first and last sample in the window to the
   * window's ends. So the window is filled by a subquery, whose samples stand at both ends; the millisecond is for Prometheus
   * 3, whose windows leave their left end out. What it does not see is the first value of a series that began in the step: that
   * is taken for counted in it where it is small, as VictoriaMetrics does.
   *
   * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#increase
   */
  increase(metric, step) {
    const window = `${metric}[${step}s]`;
    const counted = `increase(${metric}[${step * 1000 + 1}ms:${Math.min(RESOLUTION, step)}s])`;
    const before = `${metric} offset ${step}s`;
    // what it had come to before it began anew is its highest value
    const begun = `((${metric} unless ${before}) < 10) + max_over_time(${window}) * (resets(${window}) > bool 0)`;
    return `(${counted} and ${before}) or (${begun}) or ${counted}`;
  },
}));
