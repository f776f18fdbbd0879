import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArguments, usage } from "./bench/arguments.ts";
import { type Cluster, startCluster } from "./bench/cluster.ts";
import { eventSource } from "./bench/subject.ts";
import { registryPort, repositoryOf } from "./bench/deployments.ts";
import { measureIndex } from "./bench/index_read.ts";
import { keep } from "./bench/kept.ts";
import { measureLighthouse } from "./bench/lighthouse.ts";
import { machine } from "./bench/machine.ts";
import { bundle } from "./bench/operator.ts";
import { measureLive } from "./bench/live.ts";
import { measurePages } from "./bench/pages.ts";
import { measurePoll } from "./bench/poll.ts";
import { failures, report } from "./bench/report.ts";
import type { BenchResults } from "./bench/results.ts";
import { measureSize } from "./bench/size.ts";
import { measureTags } from "./bench/tags.ts";
import { readCommandLine } from "./command_line.ts";
import { measureOneImage } from "./bench/one_image.ts";
import { startRegistry } from "./testbed/registry.ts";
import { timedProgress } from "./timed_progress.ts";

if (process.argv[2] === "mutants") {
  const { runMutants } = await import("./bench/mutants/main.ts");
  await runMutants(process.argv.slice(3));
  process.exit();
}

const progress = timedProgress();
const options = readCommandLine(parseArguments, usage);

const stopping = new AbortController();
const clusters = new Set<Cluster>();
const app = await mkdtemp(join(tmpdir(), "headwind-bench-"));
const cleanUp = async () => {
  stopping.abort(new Error("stopped"));
  for (const cluster of clusters) await cluster.stop();
  clusters.clear();
  await rm(app, { recursive: true, force: true });
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => cleanUp().finally(() => process.exit(130)));
}

async function withCluster<T>(use: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await startCluster(progress);
  clusters.add(cluster);
  try {
    return await use(cluster);
  } finally {
    clusters.delete(cluster);
    await cluster.stop();
  }
}

const results: BenchResults = { ...await machine(), sizes: [] };
const failed: string[] = [];

/** A part that fails leaves the figures of the others. */
async function part(name: string, measure: () => Promise<void>): Promise<void> {
  if (stopping.signal.aborted) return;
  try {
    await measure();
  } catch (error) {
    failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    progress(`failed: ${failed.at(-1)}`);
  }
}

async function measureSizes(): Promise<void> {
  await withCluster(async (cluster) => {
    const events = eventSource(repositoryOf);
    for (const workloads of options.workloads) {
      const existing = results.sizes.at(-1)?.workloads ?? 0;
      const size = { cluster, app, workloads, events, arguments: options, progress };
      results.sizes.push(await measureSize({ ...size, existing }));
      if (!options.registry || results.registry) continue;
      const registry = await startRegistry({ port: registryPort });
      try {
        results.registry = await measureSize({ ...size, existing: workloads, registry });
      } finally {
        await registry.stop();
      }
    }
  });
}

async function measureAll(): Promise<void> {
  const { tags, index, pages, live, lighthouse, poll, oneImage: workloads } = options;
  const isAll = ![index, tags, lighthouse, pages, live].includes("only");
  if (tags) await part("tags", async () => void (results.tags = measureTags({ progress })));
  if (index) await part("index", async () => void (results.index = await measureIndex({ dir: app, progress })));
  if (pages) await part("pages", async () => void (results.pages = await measurePages({ progress })));
  if (live) await part("live", async () => void (results.live = await measureLive({ progress })));
  if (!isAll && !lighthouse) return;
  progress("bundling the operator");
  await bundle(app);
  if (lighthouse) {
    const { signal } = stopping;
    const measure = (cluster: Cluster) => measureLighthouse({ cluster, app, progress, signal });
    await part("lighthouse", async () => void (results.lighthouse = await withCluster(measure)));
  }
  if (!isAll) return;
  await part("sizes", measureSizes);
  if (poll) {
    const measure = (cluster: Cluster) => measurePoll({ cluster, app, progress });
    await part("poll", async () => void (results.poll = await withCluster(measure)));
  }
  if (workloads) {
    const measure = (cluster: Cluster) => measureOneImage({ cluster, app, workloads, progress });
    await part("one image", async () => void (results.oneImage = await withCluster(measure)));
  }
}

try {
  await measureAll();
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(report(results));
  failed.push(...failures(results));
  for (const line of failed) console.error(line);
  if (options.save && failed.length === 0) {
    await keep(results);
    progress("kept in scripts/bench/latest.json; npm run docs brings it into the README");
  }
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await cleanUp();
}
