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

const clusters = new Set<Cluster>();
const app = await mkdtemp(join(tmpdir(), "headwind-bench-"));
const cleanUp = async () => {
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

async function measureSizes(): Promise<Pick<BenchResults, "sizes" | "registry">> {
  return await withCluster(async (cluster) => {
    const sizes: BenchResults["sizes"] = [];
    let beside: BenchResults["registry"];
    const events = eventSource(repositoryOf);
    for (const workloads of options.workloads) {
      const existing = sizes.at(-1)?.workloads ?? 0;
      const size = { cluster, app, workloads, events, arguments: options, progress };
      sizes.push(await measureSize({ ...size, existing }));
      if (!options.registry || beside) continue;
      const registry = await startRegistry({ port: registryPort });
      try {
        beside = await measureSize({ ...size, existing: workloads, registry });
      } finally {
        await registry.stop();
      }
    }
    return { sizes, ...(beside ? { registry: beside } : {}) };
  });
}

async function measureOperator(): Promise<Pick<BenchResults, "sizes" | "registry" | "poll" | "oneImage">> {
  const results: Awaited<ReturnType<typeof measureOperator>> = await measureSizes();
  if (options.poll) results.poll = await withCluster((cluster) => measurePoll({ cluster, app, progress }));
  const workloads = options.oneImage;
  if (workloads) {
    results.oneImage = await withCluster((cluster) => measureOneImage({ cluster, app, workloads, progress }));
  }
  return results;
}

try {
  const where = await machine();
  const tags = options.tags ? measureTags({ progress }) : undefined;
  const index = options.index ? await measureIndex({ dir: app, progress }) : undefined;
  const pages = options.pages ? await measurePages({ progress }) : undefined;
  const live = options.live ? await measureLive({ progress }) : undefined;
  const isAll = ![options.index, options.tags, options.lighthouse, options.pages, options.live].includes("only");
  if (isAll || options.lighthouse) {
    progress("bundling the operator");
    await bundle(app);
  }
  const measured = isAll ? await measureOperator() : { sizes: [] };
  const lighthouse = options.lighthouse
    ? await withCluster((cluster) => measureLighthouse({ cluster, app, progress }))
    : undefined;
  const results: BenchResults = {
    ...where,
    ...measured,
    ...(index ? { index } : {}),
    ...(tags ? { tags } : {}),
    ...(lighthouse ? { lighthouse } : {}),
    ...(pages ? { pages } : {}),
    ...(live ? { live } : {}),
  };
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(report(results));
  const failed = failures(results);
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
