import { createMetricsBackend, type MetricsBackend } from "../observability/metrics_backend.ts";
import { createNumbersMemory } from "../telemetry/numbers_memory.ts";
import type { ObservabilitySettings } from "../observability/observability_settings.ts";
import type { OperatorContext } from "./operator_context.ts";

/**
 * Where charts have their numbers from. This replica's own are remembered from now on; backends are looked for when somebody
 * opens a page.
 *
 * @param settings as they are now, read anew whenever they matter
 */
export function wireNumbers(context: OperatorContext, settings: () => ObservabilitySettings): MetricsBackend {
  const { host, client, metrics, fetchNamed, plugins, now, log, ending } = context;
  const memory = createNumbersMemory({ read: metrics.samples, now });
  memory.run(ending.signal);
  return createMetricsBackend({
    host,
    client,
    settings,
    entries: plugins.flatMap(({ metrics = [] }) => metrics),
    exposition: metrics.exposition,
    remembered: memory.range,
    fetchFound: fetchNamed,
    now,
    log,
    signal: ending.signal,
  });
}
