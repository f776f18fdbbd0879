import type * as zod from "zod";

/**
 * The settings of a plugin: a zod object whose keys are environment variables, each with `.describe()` and a default. What a text is set
 * to is shown to people only where it says `.meta({ shown: true })`; numbers, choices, `true` and `false` are shown.
 */
export type Settings = zod.ZodObject<Record<string, zod.ZodType>>;

/** The library that settings and bodies are written in, handed to plugins so that they import nothing at run time. */
export type Zod = typeof zod;

/** Writes one JSON line per call. Values of fields are plain data; secrets do not belong there. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all carry `fields`. */
  with(fields: LogFields): Log;
}
export type LogFields = Record<string, unknown>;

/** A metric of a plugin's own. */
export interface MetricDeclaration {
  /** Starts with `headwind_`. */
  name: string;
  type: "counter" | "gauge";
  /** One sentence, for the generated documentation. */
  help: string;
  labels?: readonly string[];
}

/** What every plugin's functions are given. */
export interface PluginContext<S = Record<string, unknown>> {
  settings: S;
  log: Log;
  /**
   * Adds to a counter that the plugin declares in `metrics`.
   *
   * @default 1
   */
  count(name: string, labels?: Record<string, string>, by?: number): void;
  /** Sets a gauge that the plugin declares in `metrics`. */
  gauge(name: string, value: number, labels?: Record<string, string>): void;
  /**
   * For calls to the outside, with the operator's certificate authorities. One without a signal is given up after 60 s, its body
   * included. Of a check: an address that stands in its settings is asked as
   * it is; any other may come from a workload, so some are refused, and a redirect is given and not followed.
   */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** What every plugin says of itself. */
export interface Named<K extends string> {
  kind: K;
  /** Lower case, unique within its kind: `dockerhub`, `deployment`, `slack`. */
  name: string;
  /** One sentence, for the generated documentation. */
  description: string;
  settings?: (z: Zod) => Settings;
  metrics?: readonly MetricDeclaration[];
}
