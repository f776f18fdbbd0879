import { readFile, stat } from "node:fs/promises";

/** The text of a UTF-8 file. Rejects, naming the path, when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  return await readFile(path, "utf8");
}

/** Whether there is something at `path` that this process may see. Not by `access`, for which Deno wants `--allow-sys=uid`. */
export async function fileExists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}
