import { PREFIX } from "../../../core/workloads/annotations.ts";
import { createChecks } from "../../../core/health/checks.ts";
import { createPluginHost } from "../../../core/host/plugin_host.ts";
import { createFetch, type Fetch } from "../../../core/runtime/fetch.ts";
import { readSettings } from "../../../core/app/settings.ts";
import { createLog } from "../../../core/telemetry/log.ts";
import { createMetrics } from "../../../core/telemetry/metrics.ts";
import type { CheckAccess, CheckPlugin, CheckReading, CheckSubject, Plugin } from "../../../core/plugin.ts";

export interface AskedOptions {
  /** Environment variables of the plugin's settings. */
  env?: Record<string, string>;
  /** In place of one that asks whatever is named. */
  fetchNamed?: Fetch;
  access?: (signal: AbortSignal) => CheckAccess;
  subject?: Partial<Omit<CheckSubject, "annotations">>;
}

/** One check in core's own hands, which reads each time that it is asked. */
export interface AskedCheck {
  /** Reads once. Annotations are without `headwind.sh/`. */
  read(annotations: Record<string, string>): Promise<CheckReading>;
  /** Ends the reading in hand. */
  abort(reason: Error): void;
  close(): void;
}

export const subject: Omit<CheckSubject, "annotations"> = {
  workload: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web", uid: "w-1" },
  container: "app",
  image: "registry.example/shop/web:1.1.0",
  updateRequest: { namespace: "shop", name: "web-app-1", uid: "u-1" },
  appliedAt: "2026-01-01T00:00:00Z",
};

const nothing: CheckAccess = {
  get: () => Promise.reject(new Error("no API server in this test")),
  create: () => Promise.reject(new Error("no API server in this test")),
};

export function askedCheck<S, A>(check: CheckPlugin<S, A>, options: AskedOptions = {}): AskedCheck {
  const plugin = check as unknown as Plugin;
  const outside = createFetch();
  const ending = new AbortController();
  const checks = createChecks({
    host: createPluginHost({
      plugins: [plugin],
      settings: readSettings(options.env ?? {}, [plugin]).ofPlugin,
      log: createLog({ level: "error" }),
      metrics: createMetrics(),
      fetch: outside.fetch,
      ...(options.fetchNamed ? { fetchNamed: options.fetchNamed } : {}),
    }),
    access: options.access ?? (() => nothing),
    signal: ending.signal,
  });
  return {
    async read(annotations) {
      const prefixed = Object.fromEntries(Object.entries(annotations).map(([name, value]) => [PREFIX + name, value]));
      const [only] = await checks.read({ ...subject, ...options.subject }, prefixed);
      if (!only) throw new Error("the check is not made");
      return only.reading;
    },
    abort: (reason) => ending.abort(reason),
    close: outside.close,
  };
}
