import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { type Entrypoint, readEntrypoint } from "../../scripts/bench/entrypoint.ts";
import { bundle } from "../../scripts/bundle.ts";
import { startChartRepository } from "../../scripts/testbed/charts/chart_repository.ts";
import { makeCharts } from "../../scripts/testbed/charts/make_chart.ts";
import { installFluxCrds } from "../../scripts/testbed/flux/install_crds.ts";
import { freePort } from "../../scripts/testbed/ports.ts";
import { startTied, type Tied } from "../../scripts/testbed/processes.ts";
import { e2e } from "../e2e/suite.ts";
import { type Cluster, cluster } from "../support/cluster.ts";

const s = e2e("container");
const root = fileURLToPath(new URL("../../", import.meta.url));
const ports = { webhook: 0, api: 0, metrics: 0, ui: 0 };
let plane: Cluster;
let dir: string;
let operator: Tied;

const deno = join(root, "node_modules", ".bin", "deno");

/** The image's entry point, with the paths that are elsewhere here. */
async function entryPoint(serviceAccount: string): Promise<Entrypoint> {
  return readEntrypoint(await readFile(join(root, "deploy", "Dockerfile"), "utf8"), { app: dir, serviceAccount });
}

s.before(async () => {
  plane = await cluster({ own: true });
  await installFluxCrds(plane);
  dir = await mkdtemp(join(tmpdir(), "headwind-container-"));
  await bundle(dir);
  await cp(join(root, "test", "fixtures", "plugins", "feed.ts"), join(dir, "plugins", "feed.ts"));
  for (const name of ["webhook", "api", "metrics", "ui"] as const) ports[name] = await freePort();
  const account = await plane.serviceAccountDir("headwind-system", "headwind");
  const { args, env } = await entryPoint(account);
  const { hostname, port } = new URL(plane.url);
  operator = startTied({
    name: "operator",
    command: "env",
    args: [
      "-i",
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      "POD_NAME=headwind-0",
      "HEADWIND_ALLOWED_ADDRESSES=127.0.0.0/8",
      "HEADWIND_WEBHOOK_SECRET=a-secret-of-the-tests",
      "HEADWIND_POLLING_MIN_INTERVAL=1",
      "HEADWIND_WEBHOOK_TRUST=proof",
      `HEADWIND_PLUGINS_DIR=${join(dir, "plugins")}`,
      `HEADWIND_WEBHOOK_PORT=${ports.webhook}`,
      `HEADWIND_API_PORT=${ports.api}`,
      `HEADWIND_METRICS_PORT=${ports.metrics}`,
      `HEADWIND_UI_PORT=${ports.ui}`,
      `HEADWIND_SERVICE_ACCOUNT_DIR=${account}`,
      `KUBERNETES_SERVICE_HOST=${hostname}`,
      `KUBERNETES_SERVICE_PORT=${port}`,
      deno,
      ...args,
    ],
    dir,
  });
  await eventually("ready", async () => (await fetch(`http://127.0.0.1:${ports.metrics}/readyz`)).status === 200);
});

s.after(async () => {
  await operator.stop();
  await plane.stop();
  await rm(dir, { recursive: true });
});

s("the entry point allows no writing, no running, no native code, and asks nobody", async () => {
  const { args: words } = await entryPoint("");
  assert.ok(words.includes("--no-prompt"));
  const allowed = words.filter((word) => word.startsWith("--allow") || word === "-A");
  assert.equal(allowed.map((word) => word.split("=")[0]), [
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    "--allow-read",
  ]);
  // its well-known authorities, and nothing else of the machine
  assert.ok(words.includes("--allow-sys=ca"));
});

s("with its rights and its permissions alone, a webhook becomes a change", async () => {
  const namespace = await plane.namespace("container");
  const labels = { app: "web" };
  await plane.kubectl(
    ["apply", "-f", "-"],
    JSON.stringify({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "web",
        namespace,
        annotations: { "headwind.sh/policy": "patch", "headwind.sh/require-approval": "false" },
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: "app", image: "registry.example/team/web:1.0.0" }] },
        },
      },
    }),
  );
  const image = () =>
    plane.kubectl([
      "get",
      "deployment/web",
      "-n",
      namespace,
      "-o",
      "jsonpath={.spec.template.spec.containers[0].image}",
    ]);
  await eventually("changed", async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.webhook}/webhook/registry?token=a-secret-of-the-tests`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ image: "registry.example/team/web", tag: "1.0.1" }),
    });
    await answer.body?.cancel();
    return await image() === "registry.example/team/web:1.0.1";
  });
  const phase = ["get", "ur", "-n", namespace, "-o", "jsonpath={.items[*].status.phase}"];
  await eventually("completed", async () => await plane.kubectl(phase) === "Completed");
  const events = ["get", "events", "-n", namespace, "-o", "jsonpath={.items[*].source.component}"];
  await eventually("told", async () => (await plane.kubectl(events)).includes("headwind"));
  const holder = ["get", "lease", "headwind", "-n", "headwind-system", "-o", "jsonpath={.spec.holderIdentity}"];
  assert.match(await plane.kubectl(holder), /^headwind-0_[0-9a-f-]{36}$/);
});

s("a stranger's plugin is loaded", async () => {
  const answer = await fetch(`http://127.0.0.1:${ports.webhook}/webhook/feed?token=a-secret-of-the-tests`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ image: "registry.example/team/none", tag: "1.0.1" }),
  });
  assert.is(answer.status, 200, await answer.text());
});

s("a chart of a Helm repository with a certificate of its own too", async () => {
  const namespace = await plane.namespace("container-charts");
  const charts = await startChartRepository({ tls: {} });
  try {
    const versions = ["1.0.0", "1.0.1"].map((version) => ({ name: "web", version }));
    await charts.publish(...await makeCharts(versions, join(dir, "charts")));
    const annotations = {
      "headwind.sh/policy": "patch",
      "headwind.sh/require-approval": "false",
      "headwind.sh/polling-interval": "1",
    };
    const sourceRef = { kind: "HelmRepository", name: "shop" };
    const objects = [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "authority", namespace },
        stringData: { "ca.crt": charts.ca },
      },
      {
        apiVersion: "source.toolkit.fluxcd.io/v1",
        kind: "HelmRepository",
        metadata: { name: "shop", namespace },
        spec: { url: charts.url, interval: "1h", certSecretRef: { name: "authority" } },
      },
      {
        apiVersion: "helm.toolkit.fluxcd.io/v2",
        kind: "HelmRelease",
        metadata: { name: "web", namespace, annotations },
        spec: { interval: "1h", suspend: true, chart: { spec: { chart: "web", version: "1.0.0", sourceRef } } },
      },
    ];
    await plane.kubectl(["apply", "-f", "-"], objects.map((object) => JSON.stringify(object)).join("\n---\n"));
    const version = ["get", "helmrelease/web", "-n", namespace, "-o", "jsonpath={.spec.chart.spec.version}"];
    await eventually("moved", async () => await plane.kubectl(version) === "1.0.1");
  } finally {
    await charts.stop();
  }
});

s("nothing was denied", async () => {
  const log = await readFile(operator.log, "utf8");
  assert.equal(log.split("\n").filter((line) => /forbidden|requires \S+ access|notcapable/i.test(line)), []);
});

async function eventually(what: string, yes: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await yes().catch(() => false))) {
    const ended = operator.ended();
    if (ended || Date.now() > deadline) {
      throw new Error(`not ${what} (${ended ?? "after 60 s"}); the operator said:\n${await operator.tail()}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

s.run();
