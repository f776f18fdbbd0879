import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readCommandLine } from "../../command_line.ts";
import { timedProgress } from "../../timed_progress.ts";
import { parseArguments, usage } from "./arguments.ts";
import { measure } from "./measure.ts";
import { report } from "./report.ts";
import { mutantsOf, sample, subjectsOf } from "./sample.ts";
import { copyWorkspace, type Workspace } from "./workspace.ts";

/** `npm run bench -- mutants`. `args`: what stands behind that word. */
export async function runMutants(args: string[]): Promise<void> {
  const progress = timedProgress();
  const options = readCommandLine(parseArguments, usage, args);
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "headwind-mutants-"));
  const workspaces: Workspace[] = [];
  const cleanUp = async () => {
    for (const workspace of workspaces) workspace.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => cleanUp().finally(() => process.exit(130)));
  }
  try {
    const possible = await mutantsOf(root, await subjectsOf(root, options));
    const mutants = sample(possible, options.count, options.seed);
    // what Deno keeps of each mutant goes with the copies
    const cache = join(folder, "deno");
    for (let job = 0; job < options.jobs; job++) {
      workspaces.push(await copyWorkspace(root, join(folder, `tree-${job}`), cache));
    }
    const measured = await measure({ mutants, workspaces, root, tests: "test/core", limit: options.tests, progress });
    const sites = new Map([...possible].map(([folder, all]) => [folder, all.length]));
    if (options.json) {
      const results = { seed: options.seed, tests: options.tests, possible: Object.fromEntries(sites), ...measured };
      await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
    }
    console.log(report(measured, sites));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}
