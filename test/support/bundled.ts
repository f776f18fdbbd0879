import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../scripts/bundle.ts";
import { cacheFolder } from "../../scripts/testbed/cache.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const kept = 4;

let made: Promise<string> | undefined;

/** The folder of the release's bundle, made anew only where its sources have changed. Nothing may be written into it. */
export const bundled = (): Promise<string> => made ??= bundleOnce();

// once at a time in a process: a bundle that is done stops esbuild for all
async function bundleOnce(): Promise<string> {
  const all = join(cacheFolder(), "bundles");
  const dir = join(all, await contentHash());
  if (await touched(dir)) return dir;
  const fresh = `${dir}.${crypto.randomUUID()}`;
  await bundle(fresh);
  // another process may have been faster: its bundle is the same
  await rename(fresh, dir).catch(() => rm(fresh, { recursive: true, force: true }));
  await prune(all);
  return dir;
}

async function contentHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const part of ["core", "plugins", "ui", "scripts/start.ts", "scripts/bundle.ts", "package-lock.json"]) {
    for (const path of await filesOf(part)) {
      hash.update(`${path}\0`).update(await readFile(join(root, path))).update("\0");
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesOf(part: string): Promise<string[]> {
  const found = await stat(join(root, part)).catch(() => undefined);
  if (!found?.isDirectory()) return found ? [part] : [];
  const entries = await readdir(join(root, part), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) =>
    join(parentPath, name).slice(root.length)
  )
    .sort();
}

async function touched(dir: string): Promise<boolean> {
  const now = new Date();
  return await utimes(dir, now, now).then(() => true, () => false);
}

/** Forgets all but those used last, and none that was used within the hour. */
async function prune(all: string): Promise<void> {
  const names = await readdir(all);
  const dated = await Promise.all(names.map(async (name) => {
    const found = await stat(join(all, name)).catch(() => undefined);
    return { path: join(all, name), used: found?.mtimeMs ?? 0 };
  }));
  const old = dated.sort((a, b) => b.used - a.used).slice(kept).filter(({ used }) => used < Date.now() - 3600_000);
  for (const { path } of old) await rm(path, { recursive: true, force: true });
}
