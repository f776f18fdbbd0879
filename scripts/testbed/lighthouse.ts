import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { cacheFolder } from "./cache.ts";
import { locked } from "./lock.ts";

const VERSION = "13.5.0";

/**
 * The path of Lighthouse's command. It is npm's, fetched once into the cache: as a development dependency its 201 packages and
 * 186 MB would be installed by everybody who runs a test. None of their scripts is run.
 */
export async function lighthouse(progress: (line: string) => void = () => {}): Promise<string> {
  const cache = join(cacheFolder(), "npm");
  const folder = join(cache, `lighthouse-${VERSION}`);
  const command = join(folder, "node_modules", "lighthouse", "cli", "index.js");
  await mkdir(cache, { recursive: true });
  return await locked(join(cache, "lock"), async () => {
    if (existsSync(command)) return command;
    progress(`test bed: fetching lighthouse ${VERSION}`);
    const work = await mkdtemp(join(cache, "work-"));
    try {
      await install(work);
      await rename(work, folder);
      return command;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

function install(folder: string): Promise<void> {
  const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", `lighthouse@${VERSION}`];
  return new Promise((resolve, reject) => {
    execFile("npm", args, { cwd: folder, env: process.env }, (error, _, stderr) => {
      if (error) reject(new Error(`lighthouse ${VERSION} cannot be had: ${stderr.trim() || error.message}`));
      else resolve();
    });
  });
}
