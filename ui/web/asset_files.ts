import { readdir, readFile } from "node:fs/promises";

/** Of htmx, as its package brings them. */
const HTMX = { "htmx.js": "htmx.min.js", "hx-sse.js": "ext/hx-sse.min.js" };

/** The files of `assets/` and of htmx, by name. In the bundle another module with their texts stands for this one. */
export async function readAssetFiles(): Promise<Record<string, string>> {
  const own = new URL("./assets/", import.meta.url);
  const names = (await readdir(own)).filter((name) => /\.(css|js|svg)$/.test(name)).sort();
  const files: [string, URL][] = [
    ...names.map((name): [string, URL] => [name, new URL(name, own)]),
    ...Object.entries(HTMX).map((
      [name, path],
    ): [string, URL] => [name, new URL(`./${path}`, import.meta.resolve("htmx.org/dist/htmx.min.js"))]),
  ];
  return Object.fromEntries(await Promise.all(files.map(async ([name, url]) => [name, await readFile(url, "utf8")])));
}
