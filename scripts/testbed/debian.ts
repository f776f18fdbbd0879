import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { cacheFolder } from "./cache.ts";
import { locked } from "./lock.ts";

/**
 * The folder with the files of a Debian package, fetched once from the machine's own package sources and unpacked into the
 * cache, by version. Nothing is installed, started or configured, and nobody needs to be root. Throws, with what apt says,
 * where there is no apt or no such package.
 */
export async function debianPackage(name: string, progress: (line: string) => void = () => {}): Promise<string> {
  const cache = join(cacheFolder(), "debian");
  await mkdir(cache, { recursive: true });
  return await locked(join(cache, "lock"), async () => {
    const there = (await readdir(cache)).filter((folder) => folder.startsWith(`${name}_`)).sort().at(-1);
    if (there) return join(cache, there);
    progress(`test bed: fetching Debian's package ${name}`);
    const work = await mkdtemp(join(cache, "work-"));
    try {
      const archive = await download(name, work);
      await run("dpkg", ["-x", archive, "files"], work);
      const folder = join(cache, archive.replace(/\.deb$/, ""));
      await rename(join(work, "files"), folder);
      return folder;
    } catch (error) {
      throw new Error(`Debian's package ${name} cannot be had: ${(error as Error).message}`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** The name of the archive in `work`. Lists of packages that are missing or out of date are fetched, for this alone. */
async function download(name: string, work: string): Promise<string> {
  const [state, cache] = [join(work, "state"), join(work, "cache")];
  const own = { "Dir::State": state, "Dir::State::Lists": join(state, "lists"), "Dir::Cache": cache };
  const folders = Object.entries({ ...own, "Dir::State::status": "/var/lib/dpkg/status" })
    .flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const asRoot = process.getuid?.() === 0 ? ["-o", "APT::Sandbox::User=root"] : [];
  try {
    await run("apt-get", [...asRoot, "download", name], work);
  } catch {
    for (const folder of [join(state, "lists", "partial"), join(cache, "archives", "partial")]) {
      await mkdir(folder, { recursive: true });
    }
    await run("apt-get", [...asRoot, ...folders, "update"], work);
    await run("apt-get", [...asRoot, ...folders, "download", name], work);
  }
  const archive = (await readdir(work)).find((file) => file.startsWith(`${name}_`) && file.endsWith(".deb"));
  if (!archive) throw new Error("apt-get downloaded nothing");
  return archive;
}

function run(command: string, args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env: { ...process.env, LC_ALL: "C" } }, (error, _, stderr) => {
      if (error) reject(new Error(`${command}: ${stderr.trim() || error.message}`));
      else resolve();
    });
  });
}
