import { createFetch, type Fetch } from "../../core/runtime/fetch.ts";
import { createPluginHost, type PluginHost } from "../../core/host/plugin_host.ts";
import { createLog } from "../../core/telemetry/log.ts";
import { createMetrics, type Metrics } from "../../core/telemetry/metrics.ts";
import type { Environment } from "../../core/runtime/process.ts";
import type { Plugin, PluginContext } from "../../core/plugin.ts";
import { readSettings } from "../../core/app/settings.ts";

/** A plugin in a host of its own, as the operator would make it. */
export interface Hosted {
  host: PluginHost;
  context: PluginContext;
  metrics: Metrics;
  /** What it logged, at any level. */
  lines: string[];
  /** Lets its idle connections go. */
  close(): void;
}

/** Throws `SettingsError` where the plugin cannot take the environment. With `fetch` that is its way to the outside. */
export function hosted(plugin: Plugin, env: Environment = {}, fetch?: Fetch): Hosted {
  const lines: string[] = [];
  const metrics = createMetrics();
  const outside = createFetch();
  const host = createPluginHost({
    plugins: [plugin],
    settings: readSettings(env, [plugin]).ofPlugin,
    log: createLog({ level: "debug", write: (line) => void lines.push(line) }),
    metrics,
    fetch: fetch ?? outside.fetch,
  });
  return { host, context: host.context(plugin), metrics, lines, close: outside.close };
}
