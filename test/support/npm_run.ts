import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../scripts/run.mjs", import.meta.url));

/** The command that runs a script of package.json as a person does: by npm, or as the Deno task where there is no npm. */
export function npmRun(script: string, args: readonly string[]): [command: string, args: string[]] {
  const isThere = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "npm")));
  return isThere ? ["npm", ["run", "--silent", script, "--", ...args]] : [entry, [script, ...args]];
}

/** What of Headwind's still runs in a temporary folder, and what is left in it. */
export async function remainsIn(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  const ours = (await readdir(folder)).filter((name) => name.startsWith("headwind-"));
  return [...ours, ...commands.filter((command) => command.includes(folder))];
}
