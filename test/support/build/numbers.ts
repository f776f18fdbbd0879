import { CATALOG } from "../../../core/telemetry/catalog.ts";
import type { BackendState, MetricsBackend } from "../../../core/observability/metrics_backend.ts";
import type { RangeQuery, Sample, Series } from "../../../core/plugin.ts";

export interface NumbersChanges {
  state?: Partial<BackendState> | null;
  current?: Sample[];
  /** By metric. */
  series?: Record<string, Series[]>;
  /** By metric: what the backend says instead of an answer. */
  fails?: Record<string, string>;
}

/** Numbers of the past as a test writes them, and what was asked for. */
export function numbers(
  { state = {}, current = [], series = {}, fails = {} }: NumbersChanges = {},
): MetricsBackend & { asked: RangeQuery[] } {
  const asked: RangeQuery[] = [];
  const standard: BackendState = {
    name: "live",
    title: "Live",
    found: false,
    since: new Date("2026-11-30T11:00:00Z"),
    passed: [],
  };
  return {
    asked,
    entries: Object.values(CATALOG),
    state: () => Promise.resolve(state === null ? undefined : { ...standard, ...state }),
    current: () => fails.current ? Promise.reject(new Error(fails.current)) : Promise.resolve(current),
    range(query) {
      asked.push(query);
      const failure = fails[query.metric];
      return failure === undefined ? Promise.resolve(series[query.metric] ?? []) : Promise.reject(new Error(failure));
    },
  };
}
