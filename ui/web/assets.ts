import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { readAssetFiles } from "./asset_files.ts";

/** What browsers are given besides pages, under names that change with their contents. */
export interface Assets {
  /** The address of a file, by its name in `assets/`. */
  url(name: string): string;
  /** The file at an address, undefined where there is none. */
  serve(request: Request): Response | undefined;
}

interface Asset {
  type: string;
  body: Uint8Array<ArrayBuffer>;
  packed: Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** How one of our own modules imports another, which does not import it. */
const IMPORT = /^(import (?:.* from )?)"\.\/([\w.]+)"/gm;

export async function loadAssets(): Promise<Assets> {
  const byPath = new Map<string, Asset>();
  const urls = new Map<string, string>();
  const files = await readAssetFiles();
  for (const name of Object.keys(files)) add(name);

  /** What it imports comes first: its name has a part in the contents of what imports it. */
  function add(name: string): string {
    const known = urls.get(name);
    if (known !== undefined) return known;
    const text = files[name];
    if (text === undefined) throw new Error(`there is no asset ${name}`);
    const [, stem, extension] = /^(.*)\.(\w+)$/.exec(name)!;
    const body = new TextEncoder().encode(text.replace(IMPORT, (_, from, name) => `${from}"${add(name)}"`));
    const url = `/assets/${stem}-${hash("sha256", body, "hex").slice(0, 12)}.${extension}`;
    urls.set(name, url);
    byPath.set(url, { type: TYPES[extension!]!, body, packed: new Uint8Array(gzipSync(body, { level: 9 })) });
    return url;
  }
  return {
    url(name) {
      const url = urls.get(name);
      if (url === undefined) throw new Error(`there is no asset ${name}`);
      return url;
    },
    serve(request) {
      const asset = byPath.get(new URL(request.url).pathname);
      if (!asset) return undefined;
      const packed = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
      return new Response(packed ? asset.packed : asset.body, {
        headers: {
          "content-type": asset.type,
          "cache-control": "public, max-age=31536000, immutable",
          vary: "Accept-Encoding",
          ...(packed ? { "content-encoding": "gzip" } : {}),
        },
      });
    },
  };
}
