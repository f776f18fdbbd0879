import { compareText } from "../lib/compare_text.ts";
import { isForbidden, type KubeClient } from "../kube/client.ts";
import { resourcePath } from "../kube/paths.ts";

/** An address where a backend may be. */
export interface FoundPlace {
  /** The plugin that asks it. */
  plugin: string;
  url: string;
}

export interface FoundPlaces {
  places: FoundPlace[];
  /** Whether Services could be listed. */
  listed: boolean;
}

interface Rule {
  plugin: "prometheus" | "victoriametrics";
  labels: Record<string, string>;
  /** The first of them that a Service has is asked. */
  ports: readonly number[];
  path?: string;
}

const NAME = "app.kubernetes.io/name";
const CLUSTER_PATH = "/select/0/prometheus";

/**
 * By which Services are known, the surest first: of prometheus-operator, kube-prometheus-stack and the chart `prometheus`;
 * of VictoriaMetrics' charts and operator, whose cluster is asked by its `vmselect`.
 *
 * Source: https://docs.victoriametrics.com/victoriametrics/url-examples/
 */
const RULES: readonly Rule[] = [
  { plugin: "prometheus", labels: { "operated-prometheus": "true" }, ports: [9090] },
  { plugin: "prometheus", labels: { "self-monitor": "true" }, ports: [9090] },
  { plugin: "prometheus", labels: { [NAME]: "prometheus" }, ports: [9090, 80] },
  { plugin: "prometheus", labels: { app: "prometheus" }, ports: [9090, 80] },
  { plugin: "victoriametrics", labels: { [NAME]: "victoria-metrics-single" }, ports: [8428] },
  { plugin: "victoriametrics", labels: { [NAME]: "vmsingle" }, ports: [8428, 8429] },
  { plugin: "victoriametrics", labels: { "app.kubernetes.io/instance": "vmsingle" }, ports: [8428, 8429] },
  { plugin: "victoriametrics", labels: { [NAME]: "vmselect" }, ports: [8481], path: CLUSTER_PATH },
  { plugin: "victoriametrics", labels: { app: "vmselect" }, ports: [8481], path: CLUSTER_PATH },
];

/** What is asked for where Services may not be listed, and after all that were found. */
const USUAL: readonly FoundPlace[] = [
  { plugin: "prometheus", url: "http://prometheus-server.monitoring.svc:80" },
  { plugin: "prometheus", url: "http://prometheus.monitoring.svc:9090" },
  { plugin: "victoriametrics", url: "http://victoria-metrics.monitoring.svc:8428" },
];

/** Of one plugin: whoever may create Services could have it ask any number of them. */
const MOST = 8;
const PAGE = 100;

interface Service {
  metadata: { name: string; namespace: string; labels?: Record<string, string>; creationTimestamp?: string };
  spec?: { type?: string; ports?: { port: number; protocol?: string }[] };
}

/** Where Prometheus or VictoriaMetrics may be in the cluster; each plugin's in the order in which they are to be asked. */
export async function findBackendServices(client: KubeClient, signal: AbortSignal): Promise<FoundPlaces> {
  const path = resourcePath({ group: "", version: "v1", plural: "services" });
  const lists = await Promise.all(
    selectors().map((labelSelector) =>
      client.request<{ items: Service[] | null }>("GET", path, {
        query: { labelSelector, limit: String(PAGE), resourceVersion: "0" },
        signal,
        timeoutMs: 5_000,
        retry: false,
      }).then(({ items }) => items ?? [], (error) => {
        signal.throwIfAborted();
        if (isForbidden(error)) return undefined;
        throw error;
      })
    ),
  );
  const services = lists.flatMap((items) => items ?? []);
  const places = [...ranked(services), ...USUAL];
  const seen = new Map<string, number>();
  return {
    listed: !lists.includes(undefined),
    places: places.filter(({ plugin, url }, index) => {
      if (places.findIndex((other) => other.plugin === plugin && other.url === url) < index) return false;
      const count = (seen.get(plugin) ?? 0) + 1;
      seen.set(plugin, count);
      return count <= MOST;
    }),
  };
}

/** One for each label, with all values that any rule wants of it. */
function selectors(): string[] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of RULES) {
    for (const [label, value] of Object.entries(labels)) {
      values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  return [...values].map(([label, wanted]) => `${label} in (${[...wanted].join(",")})`);
}

/** The surest first; of equals the oldest, before which nobody comes who makes one later. */
function ranked(services: readonly Service[]): FoundPlace[] {
  return services.flatMap(({ metadata, spec }) => {
    const rank = RULES.findIndex(({ labels, ports }) =>
      Object.entries(labels).every(([label, value]) => metadata.labels?.[label] === value) &&
      ports.some((port) => hasPort(spec, port))
    );
    const rule = RULES[rank];
    // what leads out of the cluster is for an administrator to name
    if (!rule || spec?.type === "ExternalName") return [];
    const port = rule.ports.find((port) => hasPort(spec, port));
    const url = `http://${metadata.name}.${metadata.namespace}.svc:${port}${rule.path ?? ""}`;
    return [{ rank, made: metadata.creationTimestamp ?? "", plugin: rule.plugin, url }];
  }).sort((a, b) => a.rank - b.rank || compareText(a.made, b.made) || compareText(a.url, b.url))
    .map(({ plugin, url }) => ({ plugin, url }));
}

const hasPort = (spec: Service["spec"], wanted: number): boolean =>
  (spec?.ports ?? []).some(({ port, protocol = "TCP" }) => port === wanted && protocol === "TCP");
