import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianPackage } from "./debian.ts";
import { findBinary } from "./find_binary.ts";
import { freePort } from "./ports.ts";
import type { Prometheus, PrometheusOptions } from "./prometheus.ts";
import { startTied } from "./processes.ts";
import { untilReady } from "./until_ready.ts";

/**
 * The path of VictoriaMetrics' binary: that of `VICTORIA_METRICS_BIN`, one on the `PATH`, or the one of Debian's package,
 * which is fetched once. Throws where none of them is there.
 */
export const victoriaMetricsBinary = (progress?: (line: string) => void): Promise<string> =>
  findBinary(
    "VICTORIA_METRICS_BIN",
    ["victoria-metrics"],
    async () => join(await debianPackage("victoria-metrics", progress), "usr", "bin", "victoria-metrics"),
  );

/** Starts VictoriaMetrics on a free port of 127.0.0.1, as `startPrometheus` does Prometheus. */
export async function startVictoriaMetrics(options: PrometheusOptions): Promise<Prometheus> {
  const command = await victoriaMetricsBinary(options.progress);
  const dir = await mkdtemp(join(tmpdir(), "headwind-victoriametrics-"));
  const interval = `${options.scrapeIntervalMs ?? 200}ms`;
  const config = {
    global: { scrape_interval: interval, scrape_timeout: "200ms" },
    scrape_configs: [{ job_name: "test", static_configs: [{ targets: options.targets }] }],
  };
  // YAML takes JSON as it is
  await writeFile(join(dir, "scrape.yml"), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const server = startTied({
    name: "victoria-metrics",
    command,
    args: [
      `-promscrape.config=${join(dir, "scrape.yml")}`,
      `-storageDataPath=${join(dir, "data")}`,
      `-httpListenAddr=${address}`,
      // else what is younger than 30 s is not told of
      "-search.latencyOffset=0s",
      // else the last points of steps below a minute repeat the one before
      "-search.maxStepForPointsAdjustment=1ms",
      "-memory.allowedBytes=128MB",
      "-search.disableCache",
    ],
    dir,
  });
  const stop = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await untilReady("VictoriaMetrics", server, `http://${address}/health`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${address}`, stop };
}
