import { access, readFile } from "node:fs/promises";

/** The text of a UTF-8 file. Rejects, naming the path, when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  return await readFile(path, "utf8");
}

/** Whether there is something at `path` that this process may see. */
export async function fileExists(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false);
}
