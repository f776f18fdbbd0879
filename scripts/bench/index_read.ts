import { execFile } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readEntrypoint } from "./entrypoint.ts";
import { indexFile, indexSize } from "./index_file.ts";
import type { IndexRead, IndexResult } from "./results.ts";

export interface IndexOptions {
  /** Folder for the index. */
  dir: string;
  progress(line: string): void;
}

const rounds = 3;
const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Reads an index by the operator's reader, by js-yaml and by a plain search for line breaks, in turns, each time in a fresh
 * process. The operator's has the flags for V8 that the image has, which save memory and cost time; the others have none.
 */
export async function measureIndex({ dir, progress }: IndexOptions): Promise<IndexResult> {
  progress("index: writing");
  const file = join(dir, "index.yaml");
  await writeFile(file, indexFile());
  const dockerfile = await readFile(join(root, "deploy", "Dockerfile"), "utf8");
  const { args } = readEntrypoint(dockerfile, { app: dir, serviceAccount: dir });
  const flags = args.filter((arg) => arg.startsWith("--v8-flags="));
  const script = join(root, "scripts", "bench", "index_subject.ts");
  const read = async (way: string, ...flags: string[]): Promise<IndexRead> => {
    progress(`index: ${way}`);
    const deno = ["run", "--quiet", "--no-prompt", "--allow-all", ...flags, script, way, file];
    const { stdout } = await promisify(execFile)(process.execPath, deno);
    return JSON.parse(stdout);
  };
  const result: IndexResult = { ...indexSize, bytes: (await stat(file)).size, operator: [], jsYaml: [], lineScan: [] };
  for (let round = 0; round < rounds; round++) {
    result.jsYaml.push(await read("js-yaml"));
    result.operator.push(await read("operator", ...flags));
    result.lineScan.push(await read("line scan"));
  }
  return result;
}
