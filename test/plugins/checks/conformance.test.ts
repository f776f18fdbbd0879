import { join } from "node:path";
import { createCheckAccess } from "../../../core/health/checks.ts";
import { cluster } from "../../support/cluster.ts";
import { conformance } from "../../conformance/mod.ts";
import { createKubeClient } from "../../../core/kube/client.ts";
import job from "../../../plugins/checks/job.ts";
import { listening } from "../../support/listening.ts";
import { loadKubeConfig } from "../../../core/kube/config.ts";
import { createNamespace } from "../../support/test_namespace.ts";
import promql from "../../../plugins/checks/promql.ts";
import { proxyBefore } from "../../support/proxy.ts";
import { specOf } from "../../support/people.ts";
import { startPrometheus } from "../../../scripts/testbed/prometheus.ts";
import { workload } from "../../e2e/manifests.ts";

const metrics = await listening((_, answer) => answer.end('ready{namespace="shop"} 3\n'));
const prometheus = await startPrometheus({
  targets: [metrics.host],
  progress: (line) => console.error(line),
});
let silent = false;
/** Before Prometheus; it says nothing while it is silent. */
const guard = await listening(async ({ url }, answer) => {
  if (silent) return;
  const { status, body } = await fetch(prometheus.url + url).then(async (got) => ({
    status: got.status,
    body: await got.text(),
  }));
  answer.writeHead(status).end(body);
});

const plane = await cluster();
const ns = await createNamespace(plane, "check-conformance");
const proxy = await proxyBefore(plane.kubeconfig, join(plane.dir, `${ns.namespace}.kubeconfig`));
const connection = await loadKubeConfig({ KUBECONFIG: proxy.kubeconfig });
const client = createKubeClient(connection);
for (const [name, suspend] of [["smoke", false], ["later", true]] as const) {
  const cronJob = workload("CronJob", { name, image: "smoke:1" });
  const { jobTemplate } = cronJob.spec as { jobTemplate: { spec: Record<string, unknown> } };
  jobTemplate.spec.suspend = suspend;
  const metadata = { ...cronJob.metadata, labels: { "headwind.sh/check": "true" } };
  await ns.create({ ...cronJob, metadata, spec: { ...cronJob.spec, suspend: true } });
}
let requests = 0;

const ofPrometheus = conformance(promql, {
  env: { HEADWIND_PROMETHEUS_URL: `${guard.url}/` },
  readings: {
    "a number within its bounds": { annotations: { "check-promql": "ready", "check-promql-min": "3" }, says: "ok" },
    "a number beyond them": { annotations: { "check-promql": "ready", "check-promql-max": "2" }, says: "failing" },
    "no series": { annotations: { "check-promql": "absent_yet", "check-promql-min": "0" }, says: "waiting" },
    "a query that is none": { annotations: { "check-promql": "sum(", "check-promql-min": "0" }, says: "failing" },
  },
  unreadable: {
    "no bound": { annotations: { "check-promql": "ready_of_all" }, names: "check-promql" },
    "a bound that is no number": {
      annotations: { "check-promql": "ready_of_all", "check-promql-min": "many" },
      names: "check-promql-min",
    },
    "a bound without a query": { annotations: { "check-promql-max": "1000" }, names: "check-promql-max" },
  },
  silence: (on) => void (silent = on),
  patience: 30,
});
ofPrometheus.after(async () => {
  await prometheus.stop();
  for (const server of [metrics, guard]) server.stop();
});
ofPrometheus.run();

const ofJobs = conformance(job, {
  access: (signal) => createCheckAccess(client, signal),
  async updateRequest() {
    const { metadata } = await ns.kube.request<{ metadata: { name: string; uid: string } }>(
      "POST",
      `/apis/headwind.sh/v1alpha1/namespaces/${ns.namespace}/updaterequests`,
      {
        body: {
          apiVersion: "headwind.sh/v1alpha1",
          kind: "UpdateRequest",
          metadata: { name: `ur-${requests++}` },
          spec: specOf("web", ns.namespace),
        },
      },
    );
    return { namespace: ns.namespace, name: metadata.name, uid: metadata.uid };
  },
  readings: {
    "a Job that succeeds": { annotations: { "check-job": "smoke" }, says: "ok" },
    "a suspended Job": { annotations: { "check-job": "later" }, says: "waiting" },
    "no such CronJob": { annotations: { "check-job": "absent" }, says: "failing" },
  },
  unreadable: { "a way out of the path": { annotations: { "check-job": "../secrets/x" }, names: "check-job" } },
  silence: proxy.silence,
  async started({ uid }) {
    const { items } = await ns.kube.request<{ items: { metadata: { ownerReferences?: { uid: string }[] } }[] }>(
      "GET",
      `/apis/batch/v1/namespaces/${ns.namespace}/jobs`,
    );
    return items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid)).length;
  },
  patience: 60,
});
ofJobs.after(async () => {
  connection.close();
  await proxy.stop();
  ns.close();
  await plane.stop();
});
ofJobs.run();
