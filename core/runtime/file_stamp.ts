import { stat } from "node:fs/promises";

/** What tells a file from what stood at its path before: another is another file, or was written since. */
export type FileStamp = { stamp: string; bytes: number } | { problem: string; isMissing: boolean };

/** By way of links, as a path is read. */
export async function stampOf(path: string): Promise<FileStamp> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs, isFile } = await about(path);
    if (!isFile) return { problem: "it is no file", isMissing: false };
    return { stamp: [dev, ino, size, mtimeMs, ctimeMs].join(), bytes: size };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { problem: code ?? message, isMissing: code === "ENOENT" || code === "ENOTDIR" };
  }
}

async function about(path: string) {
  const found = await stat(path);
  const { dev, ino, size, mtimeMs, ctimeMs } = found;
  return { dev, ino, size, mtimeMs, ctimeMs, isFile: found.isFile() };
}
