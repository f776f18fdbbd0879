import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("lists.ts", import.meta.url));

/** Milliseconds from the start of a process that reads the same lists as the operator, and nothing else, to its end. */
export async function listsAlone(server: string, serviceAccount: string, atLeast: number): Promise<number> {
  const args = ["run", "--quiet", "--no-prompt", "--allow-net", "--allow-read", "--allow-env", script];
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [...args, server, serviceAccount]);
  const ms = performance.now() - started;
  if (Number(stdout) < atLeast) throw new Error(`the lists have ${stdout.trim()} objects of ${atLeast} workloads`);
  return ms;
}
