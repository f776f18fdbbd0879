import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PagesResult } from "./results.ts";
import { readEntrypoint } from "./entrypoint.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What pages of the dashboard take, in a process with the flags for V8 that the image has. */
export async function measurePages({ progress }: { progress(line: string): void }): Promise<PagesResult> {
  progress("pages: overview and updates");
  const dockerfile = await readFile(join(root, "deploy", "Dockerfile"), "utf8");
  const { args } = readEntrypoint(dockerfile, { app: root, serviceAccount: root });
  const flags = args.filter((arg) => arg.startsWith("--v8-flags="));
  const script = join(root, "scripts", "bench", "pages_subject.ts");
  const deno = ["run", "--quiet", "--no-prompt", "--allow-all", ...flags, script];
  const { stdout } = await promisify(execFile)(process.execPath, deno, { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout);
}
