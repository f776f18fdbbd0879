// runs on: deno
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createMetrics, type Metrics } from "../../../core/telemetry/metrics.ts";
import { eventually, pause } from "../../conformance/checks.ts";
import { hosted } from "../../conformance/hosted.ts";
import type { MetricsContext, MetricsPlugin, Plugin, RangeQuery } from "../../../core/plugin.ts";
import prometheus from "../../../plugins/metrics/prometheus.ts";
import { scraped } from "../../support/scraped.ts";
import { startPrometheus } from "../../../scripts/testbed/prometheus.ts";
import { startVictoriaMetrics } from "../../../scripts/testbed/victoriametrics.ts";
import victoriametrics from "../../../plugins/metrics/victoriametrics.ts";

const s = suite("numbers of two replicas");
const STEP = 5;
const servers = [
  [prometheus, startPrometheus],
  [victoriametrics, startVictoriaMetrics],
] as unknown as [MetricsPlugin, typeof startPrometheus][];

s(
  "counters are summed over both and a restart, a rare answer is seen, gauges are the greatest",
  async () => {
    await Promise.all(servers.map(async ([plugin, start]) => {
      const replicas = [createMetrics(), createMetrics()] as [Metrics, Metrics];
      const [a] = replicas;
      const began = Date.now() / 1000;
      const server = await scraped(start, replicas.map((_, index) => () => replicas[index]!.exposition()));
      const { context, close } = hosted(plugin as Plugin);
      const { place } = server;
      const given = { ...context, place, exposition: a.exposition, remembered: () => Promise.resolve([]) };
      try {
        const now = async (query: string) => {
          const answer = await fetch(`${server.url}/api/v1/query?query=${encodeURIComponent(query)}`);
          const { data } = await answer.json() as { data: { result: { value: [number, string] }[] } };
          return Number(data.result[0]?.value[1]);
        };
        const isScraped = (query: string, value: number) =>
          eventually(`${query} is ${value}`, async () => await now(query) === value, 20);
        a.count("applied", {}, 3);
        replicas[1].count("applied", {}, 8);
        a.set("queueDepth", 1);
        replicas[1].set("queueDepth", 5);
        await isScraped("sum(headwind_updates_applied_total)", 11);
        // so that it stands in a step of its own
        await pause(STEP * 1000);
        replicas[1] = createMetrics();
        replicas[1].set("queueDepth", 4);
        replicas[1].count("applied", {}, 1);
        await isScraped("sum(headwind_updates_applied_total)", 4);
        replicas[1].count("applied", {}, 3);
        a.count("registryRequests", { host: "reg.example", kind: "tags", status: "200" }, 40);
        a.count("registryRequests", { host: "reg.example", kind: "manifest", status: "429" });
        await isScraped("sum(headwind_updates_applied_total)", 7);
        await isScraped('sum(headwind_registry_requests_total{status="429"})', 1);
        await pause(STEP * 1000);

        const applied = await total(plugin, given, began, { metric: "headwind_updates_applied_total", as: "increase" });
        assert.equal(applied, { "{}": 15 }, plugin.title);
        const metric = "headwind_registry_requests_total";
        const asked = await total(plugin, given, began, { metric, as: "increase", by: ["status"] });
        assert.is(asked['{"status":"429"}'], 1);
        const queue = await plugin.range(lately(began, { metric: "headwind_queue_depth", as: "max" }), given, signal());
        assert.equal(queue.map(({ points }) => points.at(-1)?.[1]), [4]);
        assert.is(Math.max(...queue[0]!.points.map(([, value]) => value)), 5);
      } finally {
        close();
        await server.stop();
      }
    }));
  },
);

const signal = () => AbortSignal.timeout(10_000);

function lately(began: number, what: Pick<RangeQuery, "metric" | "as" | "by">): RangeQuery {
  const ceil = (seconds: number) => Math.ceil(seconds / STEP) * STEP;
  return { ...what, start: ceil(began) - STEP, end: ceil(Date.now() / 1000), step: STEP };
}

/** What was counted since then, by the labels that stay apart. */
async function total(
  plugin: MetricsPlugin,
  context: MetricsContext,
  began: number,
  what: Pick<RangeQuery, "metric" | "as" | "by">,
): Promise<Record<string, number>> {
  const series = await plugin.range(lately(began, what), context, signal());
  return Object.fromEntries(
    series.map(({ labels, points }) => [
      JSON.stringify(labels),
      Math.round(points.reduce((sum, [, value]) => sum + value, 0) * 100) / 100,
    ]),
  );
}

s.run();
