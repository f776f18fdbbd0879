import { readdir, readFile } from "node:fs/promises";

/**
 * Of htmx, as its package brings them. They are one file: htmx begins in a task of its own, and what comes after that is not asked
 * about the elements that are there.
 */
const HTMX = ["htmx.min.js", "ext/hx-sse.min.js"];

/** The files of `assets/` and of htmx, by name. In the bundle another module with their texts stands for this one. */
export async function readAssetFiles(): Promise<Record<string, string>> {
  const own = new URL("./assets/", import.meta.url);
  const names = (await readdir(own)).filter((name) => /\.(css|js|svg)$/.test(name)).sort();
  const htmx = import.meta.resolve("htmx.org/dist/htmx.min.js");
  const read = async (files: URL[]) => (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
  const files: [string, URL[]][] = [
    ...names.map((name): [string, URL[]] => [name, [new URL(name, own)]]),
    ["htmx.js", HTMX.map((path) => new URL(path, htmx))],
  ];
  return Object.fromEntries(await Promise.all(files.map(async ([name, parts]) => [name, await read(parts)])));
}
