import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findBackendServices } from "../../../core/observability/backend_services.ts";
import type { KubeClient } from "../../../core/kube/client.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";

const s = suite("metrics backends among the cluster's Services");
const signal = new AbortController().signal;
const usual = [
  "prometheus http://prometheus-server.monitoring.svc:80",
  "prometheus http://prometheus.monitoring.svc:9090",
  "victoriametrics http://victoria-metrics.monitoring.svc:8428",
];

interface Made {
  name: string;
  namespace?: string;
  labels: Record<string, string>;
  ports: number[];
  type?: string;
  made?: string;
}

/** An API server with these Services, which knows selectors of the one form that is used. */
function serverWith(services: readonly Made[], asked: string[] = []): KubeClient {
  const objects = services.map((
    { name, namespace = "monitoring", labels, ports, type, made = "2026-01-01T00:00:00Z" },
  ) => ({
    metadata: { name, namespace, labels, creationTimestamp: made },
    spec: { type, ports: ports.map((port) => ({ port, protocol: "TCP" })) },
  }));
  return {
    request<T>(_method: string, path: string, { query }: { query?: Record<string, string | undefined> } = {}) {
      assert.is(path, "/api/v1/services");
      const [, label = "", values = ""] = /^(\S+) in \((.*)\)$/.exec(query?.labelSelector ?? "") ?? [];
      asked.push(label);
      const items = objects.filter(({ metadata }) => values.split(",").includes(metadata.labels[label] ?? "-"));
      return Promise.resolve({ items } as T);
    },
    stream: () => Promise.reject(new Error("nothing is watched")),
  };
}

async function found(client: KubeClient): Promise<string[]> {
  const { places } = await findBackendServices(client, signal);
  return places.map(({ plugin, url }) => `${plugin} ${url}`);
}

const NAME = "app.kubernetes.io/name";

s("the Services of the usual ways to install one are found", async () => {
  assert.equal(
    await found(serverWith([
      { name: "vmselect-main", namespace: "vm", labels: { [NAME]: "vmselect" }, ports: [8481] },
      { name: "vmselect", namespace: "vm", labels: { app: "vmselect" }, ports: [8481] },
      { name: "vm", namespace: "vm", labels: { [NAME]: "victoria-metrics-single" }, ports: [8428] },
      { name: "vmsingle-x", namespace: "vm", labels: { [NAME]: "vmsingle" }, ports: [8429] },
      { name: "old", labels: { app: "prometheus", component: "server" }, ports: [80] },
      { name: "kps-prometheus", labels: { "self-monitor": "true", app: "kps-prometheus" }, ports: [8080, 9090] },
      { name: "server", namespace: "prom", labels: { [NAME]: "prometheus" }, ports: [80] },
      { name: "prometheus-operated", labels: { "operated-prometheus": "true" }, ports: [9090, 10901] },
    ])),
    [
      "prometheus http://prometheus-operated.monitoring.svc:9090",
      "prometheus http://kps-prometheus.monitoring.svc:9090",
      "prometheus http://server.prom.svc:80",
      "prometheus http://old.monitoring.svc:80",
      "victoriametrics http://vm.vm.svc:8428",
      "victoriametrics http://vmsingle-x.vm.svc:8429",
      "victoriametrics http://vmselect-main.vm.svc:8481/select/0/prometheus",
      "victoriametrics http://vmselect.vm.svc:8481/select/0/prometheus",
      ...usual,
    ],
  );
});

s("what has the label and another port, or leads out of the cluster, is none", async () => {
  assert.equal(
    await found(serverWith([
      { name: "alertmanager", labels: { "self-monitor": "true" }, ports: [9093] },
      { name: "away", labels: { [NAME]: "prometheus" }, ports: [9090], type: "ExternalName" },
      { name: "bare", labels: { [NAME]: "prometheus" }, ports: [] },
    ])),
    usual,
  );
});

s("a usual one that is found is asked once, and of equals the oldest comes first", async () => {
  const labels = { [NAME]: "prometheus" };
  assert.equal(
    await found(serverWith([
      { name: "a-late", namespace: "tenant", labels, ports: [9090], made: "2026-03-01T00:00:00Z" },
      { name: "prometheus", labels, ports: [9090], made: "2026-01-01T00:00:00Z" },
    ])),
    [
      "prometheus http://prometheus.monitoring.svc:9090",
      "prometheus http://a-late.tenant.svc:9090",
      "prometheus http://prometheus-server.monitoring.svc:80",
      "victoriametrics http://victoria-metrics.monitoring.svc:8428",
    ],
  );
});

s("a crowd of them is not asked", async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    name: `p${index}`,
    namespace: "tenant",
    labels: { [NAME]: "prometheus" },
    ports: [9090],
    made: `2026-03-01T00:00:${String(index).padStart(2, "0")}Z`,
  }));
  const places = await found(serverWith(many));
  assert.is(places.filter((place) => place.startsWith("prometheus ")).length, 8);
  assert.is(places[0], "prometheus http://p0.tenant.svc:9090");
});

s("each label is asked for once, the server picks", async () => {
  const asked: string[] = [];
  await found(serverWith([], asked));
  assert.equal(asked.sort(), ["app", NAME, "app.kubernetes.io/instance", "operated-prometheus", "self-monitor"].sort());
});

s("without the right there are the usual ones, and that is told; another failure is one", async () => {
  const failing = (status: number): KubeClient => ({
    request: () => Promise.reject(new KubeError(status, "Forbidden", "no")),
    stream: () => Promise.reject(new Error("nothing is watched")),
  });
  const { places, listed } = await findBackendServices(failing(403), signal);
  assert.equal(places.map(({ plugin, url }) => `${plugin} ${url}`), usual);
  assert.is(listed, false);
  assert.instance(await findBackendServices(failing(500), signal).catch((error) => error), KubeError);
});

s.run();
