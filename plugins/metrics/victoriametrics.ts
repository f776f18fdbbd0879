import { promqlBackend } from "./promql/client.ts";
import { defineMetrics } from "../../core/plugin.ts";

export default defineMetrics(promqlBackend({
  name: "victoriametrics",
  title: "VictoriaMetrics",
  description: "VictoriaMetrics, asked in PromQL.",
  /** Here `increase` gives whole numbers, the sample before the window and a series' first value taken in. */
  increase: (metric, step) => `increase(${metric}[${step}s])`,
}));
