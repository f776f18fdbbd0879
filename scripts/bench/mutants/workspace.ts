import { spawn } from "node:child_process";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { mutate } from "./mutations.ts";
import type { Mutant } from "./sample.ts";

/** What became of a run of test files. */
export interface Ran {
  outcome: "passed" | "failed" | "late";
  /** The file that failed or was late. */
  at?: string;
  /** How long each took that passed. */
  milliseconds: Map<string, number>;
}

/** A copy of the repository in which files are mutated, and tests run. */
export interface Workspace {
  /** Runs test files in one process until one fails, or takes longer than `limit` says. */
  run(tests: string[], limit: (test: string) => number): Promise<Ran>;
  /** Does something while a mutant stands in its file. */
  withMutant<T>(mutant: Mutant, use: () => Promise<T>): Promise<T>;
  /** Ends the tests that run, and runs no more: what waits for them waits for ever. */
  stop(): void;
}

const leftOut = ["node_modules", ".git", "dist"];
const runner = fileURLToPath(new URL("run_tests.ts", import.meta.url));

/** Copies the repository into `copy`, all but its packages, to which the copy has a link. `cache` is for Deno. */
export async function copyWorkspace(root: string, copy: string, cache: string): Promise<Workspace> {
  await cp(root, copy, { recursive: true, filter: (path) => !leftOut.includes(relative(root, path)) });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  let running: number | undefined;
  let isStopped = false;

  function run(tests: string[], limit: (test: string) => number): Promise<Ran> {
    if (isStopped) return new Promise(() => {});
    const env = { ...process.env, NO_COLOR: "1", DENO_DIR: cache };
    const runtime = process.versions.deno ? ["run", "--allow-all", "--quiet"] : ["--no-warnings"];
    const child = spawn(process.execPath, [...runtime, runner, ...tests], {
      cwd: copy,
      env,
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    running = child.pid;
    const open = [...tests];
    const milliseconds = new Map<string, number>();
    let [late, since] = [false, performance.now()];
    const end = () => {
      late = true;
      killGroup(child.pid);
    };
    let timer = setTimeout(end, limit(open[0]!));
    createInterface(child.stdout!).on("line", (line) => {
      if (line !== open[0]) return;
      milliseconds.set(line, performance.now() - since);
      open.shift();
      since = performance.now();
      clearTimeout(timer);
      if (open[0] !== undefined) timer = setTimeout(end, limit(open[0]));
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(timer);
        killGroup(child.pid);
        running = undefined;
        if (isStopped) return;
        const outcome = late ? "late" : code === 0 && open.length === 0 ? "passed" : "failed";
        resolve({ outcome, milliseconds, ...(outcome === "passed" || open[0] === undefined ? {} : { at: open[0] }) });
      });
    });
  }

  return {
    run,
    async withMutant(mutant, use) {
      const path = join(copy, mutant.path);
      const text = await readFile(path, "utf8");
      await writeFile(path, mutate(text, mutant));
      try {
        return await use();
      } finally {
        await writeFile(path, text);
      }
    },
    stop() {
      isStopped = true;
      killGroup(running);
    },
  };
}

/** Ends a process that leads a group, and what it has started. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch {
    // all have ended
  }
}
