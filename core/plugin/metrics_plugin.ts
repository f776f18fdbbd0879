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

/** One metric over time, of all replicas together. */
export interface RangeQuery {
  metric: string;
  /** Unix seconds: of the first point and the last, both multiples of `step`. The last one may be ahead by less than a step. */
  start: number;
  end: number;
  /** Seconds from point to point. */
  step: number;
  /**
   * How the replicas become one. `increase`, of a counter: what all of them together counted in the step that ends at a
   * point, a counter that began anew taken in. `max`, of a gauge: the greatest that any of them said.
   */
  as: "increase" | "max";
  /** Labels whose values stay apart, a series each. Without any, there is one series. */
  by?: readonly string[];
}

/** Where a backend is. */
export interface MetricsPlace {
  /** With http or https, without a slash at its end. */
  url: string;
  /** A bearer token, or InfluxDB's; never of a place that was found and not set. */
  token?: string;
  /** Of InfluxDB. */
  org?: string;
  bucket?: string;
}

export interface MetricsContext<S = Record<string, unknown>> extends PluginContext<S> {
  /** The operator's own metrics in the Prometheus text format. */
  exposition(): Promise<string>;
  /** The same query about what this replica remembers of its own numbers, which are those of the charts, for 24 h. */
  remembered(query: RangeQuery): Promise<Series[]>;
  /** Absent where nobody has set a place and none was found. */
  place?: MetricsPlace;
}

/** Where the numbers of the past are read from. */
export interface MetricsPlugin<S = Record<string, unknown>> extends Named<"metrics"> {
  /**
   * As its makers write it, such as `VictoriaMetrics`.
   *
   * @default the name
   */
  title?: string;
  /**
   * Whether the backend answers and has series of Headwind's; used to choose one. A throw says why it is not to be had, in
   * a sentence that names no secret.
   */
  available(context: MetricsContext<S>, signal: AbortSignal): Promise<boolean>;
  /** Current values of all metrics named `headwind_…`, each replica's own where there are several. */
  current(context: MetricsContext<S>, signal: AbortSignal): Promise<Sample[]>;
  /** A backend without a past gives the last point only. A point that is not there is left out, and is not zero. */
  range(query: RangeQuery, context: MetricsContext<S>, signal: AbortSignal): Promise<Series[]>;
}
