import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./test/arguments.ts";
import { closingLine } from "./test/counts.ts";
import { collect, compareTurns, type TestFile } from "./test/files.ts";
import { inDetail, lineOf, slowest, toldBy } from "./test/report.ts";
import { hasRuntime, type Ran, runFile } from "./test/run_file.ts";
import { schedule } from "./test/schedule.ts";
import { type SharedServers, startShared } from "./test/shared.ts";

const folder = fileURLToPath(new URL("../test/", import.meta.url));
const ci = Boolean(process.env.CI || process.env.HEADWIND_CI);
/** Those of `e2e` mostly wait, each for an operator of its own namespaces. */
const laneWidths = { e2e: 2 };
let cleanUp = async () => {};

function readArguments() {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<number> {
  const options = readArguments();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const root = options.folder ?? folder;
  const files = (await collect(root)).filter(({ name }) =>
    options.filters.length === 0 || options.filters.some((filter) => `test/${name}`.includes(filter))
  );
  let runs = files.flatMap((file) =>
    file.runtimes.filter((runtime) => options.runtime === "both" || options.runtime === runtime)
      .map((runtime) => ({ file, runtime }))
  );
  if (options.list) {
    for (const { file, runtime } of runs) console.log(`${file.name} (${runtime})`);
    return 0;
  }
  if (options.runtime === "both" && !ci && !hasRuntime("node")) {
    console.error("there is no Node in node_modules: the files run on Deno alone");
    runs = runs.filter(({ runtime }) => runtime !== "node");
  }
  if (runs.length === 0) throw new Error(`no test file has ${options.filters.join(" or ")} in its path`);

  const dir = await mkdtemp(join(tmpdir(), "headwind-test-"));
  const starting: Promise<SharedServers> = startShared(files, dir, (line) => console.error(line));
  cleanUp = async () => {
    await starting.then(({ stop }) => stop()).catch(() => {});
    await rm(dir, { recursive: true, force: true });
  };
  starting.catch(() => {});
  const after = (file: TestFile) => file.uses.assets ? starting : undefined;
  const results: Ran[] = [];
  const report = (ran: Ran) => {
    results.push(ran);
    console.log(lineOf(ran, results.length, runs.length, ci));
    if (ran.failed > 0) console.log(inDetail(ran));
    else for (const line of toldBy(ran)) console.log(line);
  };
  const ordered = [...runs].sort((a, b) => compareTurns(a.file, b.file));
  const one = async ({ file, runtime }: typeof runs[number]) => {
    let env: Record<string, string> = {};
    try {
      if (file.uses.assets) env = (await starting).env;
    } catch (error) {
      const note = `the test bed did not start: ${(error as Error).message}`;
      return report({ file, runtime, seconds: 0, output: "", passed: 0, failed: 1, skipped: 0, note });
    }
    report(await runFile(file, runtime, dir, env, options.timeout));
  };
  const jobs = ordered.map(({ file, runtime }) => ({ ...file, after: after(file), run: () => one({ file, runtime }) }));
  await schedule(jobs, options.jobs, laneWidths);
  await cleanUp();

  const { line, failed } = closingLine(results, ci);
  console.log(slowest(results));
  for (const ran of results.filter((ran) => ran.failed > 0)) console.log(`failed: ${ran.file.name} (${ran.runtime})`);
  console.log(line);
  return failed > 0 ? 1 : 0;
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  process.on(signal, async () => {
    setTimeout(() => process.exit(code), 5_000);
    await cleanUp().finally(() => process.exit(code));
  });
}
try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
