import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startTied } from "../testbed/processes.ts";
import { type Counts, countsOf } from "./counts.ts";
import type { Runtime, TestFile } from "./files.ts";

export interface Ran extends Counts {
  file: TestFile;
  runtime: Runtime;
  seconds: number;
  output: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const commands: Record<Runtime, string[]> = {
  deno: [bin("deno"), "run", "--allow-all", "--quiet"],
  node: [bin("node"), "--no-warnings"],
};

/** Whether there is one: on a machine without npm it may not be had. */
export const hasRuntime = (runtime: Runtime): boolean => existsSync(commands[runtime][0]!);

let runs = 0;

/** Runs one file in a process of its own, tied to this one, and counts its tests. `dir` is for its output. */
export async function runFile(
  file: TestFile,
  runtime: Runtime,
  dir: string,
  env: Record<string, string>,
  defaultTimeout = 300,
): Promise<Ran> {
  const timeout = file.timeoutSeconds ?? defaultTimeout;
  const started = performance.now();
  // env -C: the repository's root is the working folder, and the process stays the one that is tied
  const child = startTied({
    name: `run-${runs++}`,
    command: "env",
    args: ["-C", root, ...commands[runtime], file.path],
    dir,
    env: { ...inherited(), ...env },
  });
  const inTime = await endsWithin(child, timeout * 1000);
  await child.stop();
  const output = await readFile(child.log, "utf8");
  const counts = countsOf(output, child.ended() ?? "nothing", inTime ? undefined : timeout);
  return { file, runtime, seconds: (performance.now() - started) / 1000, output, ...counts };
}

/** This process's environment, without what would colour the output. */
function inherited(): Record<string, string> {
  const { FORCE_COLOR: _, ...env } = process.env as Record<string, string>;
  return { ...env, NO_COLOR: "1" };
}

async function endsWithin(child: { ended(): string | undefined }, ms: number): Promise<boolean> {
  for (const deadline = performance.now() + ms; child.ended() === undefined;) {
    if (performance.now() > deadline) return false;
    await new Promise((done) => setTimeout(done, 20));
  }
  return true;
}
