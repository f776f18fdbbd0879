import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { call, untilAcknowledged } from "./calls.ts";
import { deployment } from "./manifests.ts";
import { e2e, eventually, pause } from "./suite.ts";
import { type Fixture, known, openFixture, token } from "./fixture.ts";
import { freePorts, type Operator, type Ports } from "../support/operator.ts";
import type { Prometheus } from "../../scripts/testbed/prometheus.ts";
import { startPrometheus } from "../../scripts/testbed/prometheus.ts";
import { startVictoriaMetrics } from "../../scripts/testbed/victoriametrics.ts";
import type { TestNamespace } from "../support/test_namespace.ts";

const s = e2e("numbers of two replicas, from a real Prometheus and a real VictoriaMetrics");

/** Of the replica that answers pages; the other one has its own dashboard too, and is killed. */
const replicas = ["replica-0", "replica-1"] as const;

let fixture: Fixture;
let ns: TestNamespace;
let ports: Record<typeof replicas[number], Ports>;
let operators: Record<typeof replicas[number], Operator>;
let servers: { prometheus: Prometheus; victoriametrics: Prometheus };
let folder: string;

s.before(async () => {
  fixture = await openFixture("observability");
  ns = await fixture.namespace();
  folder = await mkdtemp(join(tmpdir(), "headwind-config-"));
  ports = { "replica-0": await freePorts(), "replica-1": await freePorts() };
  const options = {
    targets: replicas.map((name) => `127.0.0.1:${ports[name].metrics}`),
    scrapeIntervalMs: 500,
    progress: (line: string) => console.error(line),
  };
  const [prometheus, victoriametrics] = await Promise.all([startPrometheus(options), startVictoriaMetrics(options)]);
  servers = { prometheus, victoriametrics };
  await choose("prometheus");
  operators = { "replica-0": await start("replica-0"), "replica-1": await start("replica-1") };
});

s.after(async () => {
  await fixture?.stop();
  await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
  if (folder) await rm(folder, { recursive: true });
});

const start = (replica: typeof replicas[number]) =>
  fixture.operator(ns, { replica, ports: ports[replica], env: { HEADWIND_CONFIG_DIR: folder } });

/** Writes headwind-config as a ConfigMap's file stands there. */
async function choose(metricsBackend: "prometheus" | "victoriametrics"): Promise<void> {
  const { prometheus, victoriametrics } = servers;
  const observability = {
    metricsBackend,
    prometheus: { url: prometheus.url },
    victoriametrics: { url: victoriametrics.url },
  };
  // YAML takes JSON as it is
  await writeFile(join(folder, "config.yaml"), JSON.stringify({ observability }));
}

const image = (tag: string) => `registry.example/web:${tag}`;

/** Tells whichever replica is asked of a version, which is then applied. */
async function applied(operator: Operator, tag: string): Promise<void> {
  await untilAcknowledged(operator.webhook, { image: "registry.example/web", tag }, { token });
  await eventually(`${tag} runs`, async () => (await ns.images("Deployment", "web")).app === image(tag));
}

interface Point {
  timestamp: string;
  value: number;
}

async function counted(operator: Operator, metric: string): Promise<number> {
  const { status, body } = await call(`${operator.ui}/api/v1/metrics/timeseries/${metric}`);
  assert.is(status, 200, JSON.stringify(body));
  return (body as Point[]).reduce((sum, { value }) => sum + value, 0);
}

s("what both replicas and the killed one counted is told by either backend, as JSON and on the page", async () => {
  const metric = "headwind_updates_applied_total";
  await ns.create(deployment({ name: "web", image: image("1.0.0"), annotations: { "require-approval": "false" } }));
  for (const name of replicas) await known(operators[name], image("1.0.0"));
  // a webhook to the one that does not reconcile is counted by it, what it led to by the other
  await applied(operators["replica-1"], "1.1.0");
  await applied(operators["replica-0"], "1.2.0");
  await eventually("both updates are counted", async () => await counted(operators["replica-0"], metric) === 2, {
    seconds: 40,
    last: () => call(`${operators["replica-0"].ui}/api/v1/metrics/timeseries/${metric}`).then(({ body }) => body),
  });

  // Prometheus is asked for what it knew every 15 s: what is counted later than that before a crash is lost
  await pause(16_000);
  operators["replica-0"].kill();
  await eventually("it is gone", async () => operators["replica-0"].ended() !== undefined);
  operators["replica-0"] = await start("replica-0");
  await applied(operators["replica-1"], "1.3.0");
  for (const [backend, title] of [["prometheus", "Prometheus"], ["victoriametrics", "VictoriaMetrics"]] as const) {
    await choose(backend);
    for (const name of replicas) {
      const { ui } = operators[name];
      await eventually(
        `${name} tells three updates from ${title}`,
        async () => {
          const { body } = await call(`${ui}/api/v1/metrics`);
          return body.backend === title && await counted(operators[name], metric) === 3;
        },
        {
          seconds: 60,
          last:
            async () => [await call(`${ui}/api/v1/metrics`), await call(`${ui}/api/v1/metrics/timeseries/${metric}`)],
        },
      );
      const { body } = await call(`${ui}/api/v1/metrics`);
      assert.is(body.metrics.deployments_watched, 1, "a gauge that both read is not summed");
      assert.is(await counted(operators[name], "headwind_webhook_events_total") > 3, true);
      const page = await call(`${ui}/observability`, { headers: { accept: "text/html" } });
      assert.is(page.status, 200);
      assert.match(page.body, `Numbers of all replicas from ${title}`);
    }
  }
});

s("a backend that goes away is left for the replica's own numbers, with the reason", async () => {
  await servers.victoriametrics.stop();
  const { ui } = operators["replica-1"];
  await eventually("it tells of its own numbers", async () => {
    const { body } = await call(`${ui}/api/v1/metrics`);
    return body.backend === "Live";
  }, { seconds: 60, last: () => call(`${ui}/api/v1/metrics`) });
  const page = await call(`${ui}/observability`, { headers: { accept: "text/html" } });
  assert.match(page.body, "Numbers of this replica alone");
  assert.match(page.body, "VictoriaMetrics cannot be reached");
  const { status, body } = await call(`${ui}/api/v1/metrics/timeseries/headwind_workloads_watched`);
  assert.is(status, 200);
  assert.is((body as Point[]).at(-1)?.value, 1);
});

s.run();
