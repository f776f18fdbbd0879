import type { Named, PluginContext } from "./common.ts";

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}
/** Points are [Unix seconds, value], oldest first. */
export interface Series {
  labels: Record<string, string>;
  points: [number, number][];
}
export interface MetricsContext<S = Record<string, unknown>> extends PluginContext<S> {
  /** The operator's own metrics in the Prometheus text format. */
  exposition(): Promise<string>;
}

/** Where the numbers of the past are read from. */
export interface MetricsPlugin<S = Record<string, unknown>> extends Named<"metrics"> {
  /** Whether the backend answers; used to find one by itself. */
  available(context: MetricsContext<S>, signal: AbortSignal): Promise<boolean>;
  /** Current values of all metrics named `headwind_…`. */
  current(context: MetricsContext<S>, signal: AbortSignal): Promise<Sample[]>;
  /** One metric between two Unix times in seconds; a backend without a past gives the last point only. */
  range(
    query: { metric: string; start: number; end: number; step: number },
    context: MetricsContext<S>,
    signal: AbortSignal,
  ): Promise<Series[]>;
}
