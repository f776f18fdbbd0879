import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianPackage } from "./debian.ts";
import { findBinary } from "./find_binary.ts";
import { freePort } from "./ports.ts";
import { startTied } from "./processes.ts";
import { untilReady } from "./until_ready.ts";

/** A running Prometheus. It ends with this process, however that ends. */
export interface Prometheus {
  /** `http://127.0.0.1:port` */
  url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** What it scrapes, each `host:port`, at `/metrics`. */
  targets: string[];
  /** Default 200. */
  scrapeIntervalMs?: number;
  progress?: (line: string) => void;
}

/**
 * The path of Prometheus' binary: that of `PROMETHEUS_BIN`, one on the `PATH`, or the one of Debian's package, which is
 * fetched once. Throws where none of them is there.
 */
export const prometheusBinary = (progress?: (line: string) => void): Promise<string> =>
  findBinary(
    "PROMETHEUS_BIN",
    ["prometheus"],
    async () => join(await debianPackage("prometheus", progress), "usr", "bin", "prometheus"),
  );

/** Starts Prometheus on a free port of 127.0.0.1 and waits until it is ready. Throws with the end of its log. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const command = await prometheusBinary(options.progress);
  const dir = await mkdtemp(join(tmpdir(), "headwind-prometheus-"));
  const config = {
    global: { scrape_interval: `${options.scrapeIntervalMs ?? 200}ms`, scrape_timeout: "200ms" },
    scrape_configs: [{ job_name: "test", static_configs: [{ targets: options.targets }] }],
  };
  // YAML takes JSON as it is
  await writeFile(join(dir, "prometheus.yml"), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const server = startTied({
    name: "prometheus",
    command,
    args: [
      `--config.file=${join(dir, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(dir, "data")}`,
      `--web.listen-address=${address}`,
    ],
    dir,
  });
  const stop = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await untilReady("Prometheus", server, `http://${address}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${address}`, stop };
}
