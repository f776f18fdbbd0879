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
  return await kept(name, name, progress, async (work) => await apt(work, work, ["download", name]));
}

/**
 * The same with all packages that it depends on and this machine lacks, and with those of `also`, unpacked into one folder:
 * its libraries are for `LD_LIBRARY_PATH`.
 */
export async function debianPackageWithNeeds(
  name: string,
  also: readonly string[] = [],
  progress: (line: string) => void = () => {},
): Promise<string> {
  return await kept(name, `${name}+needs`, progress, async (work) => {
    const archives = join(work, "cache", "archives");
    await mkdir(join(archives, "partial"), { recursive: true });
    const cache = ["-o", `Dir::Cache=${join(work, "cache")}`, "-o", `Dir::Cache::archives=${archives}`];
    // nothing is installed, so no lock of the machine's is needed; reinstall: what is there is fetched too, if it is named
    const how = ["-o", "Debug::NoLocking=1", "--no-install-recommends", "--reinstall", "--download-only", "--yes"];
    await apt(work, archives, [...cache, ...how, "install", name, ...also]);
  });
}

/** The folder in the cache, filled once: `fetch` leaves archives somewhere in `work`. */
async function kept(
  name: string,
  folderName: string,
  progress: (line: string) => void,
  fetch: (work: string) => Promise<void>,
): Promise<string> {
  const cache = join(cacheFolder(), "debian");
  await mkdir(cache, { recursive: true });
  return await locked(join(cache, "lock"), async () => {
    const there = (await readdir(cache)).filter((folder) => folder.startsWith(`${folderName}_`)).sort().at(-1);
    if (there) return join(cache, there);
    progress(`test bed: fetching Debian's package ${name}`);
    const work = await mkdtemp(join(cache, "work-"));
    try {
      await fetch(work);
      const archives = (await readdir(work, { recursive: true })).filter((file) => file.endsWith(".deb"));
      const own = archives.map((path) => path.split("/").at(-1)!).find((file) => file.startsWith(`${name}_`));
      if (!own) throw new Error("apt-get downloaded nothing");
      for (const archive of archives) await run("dpkg", ["-x", archive, "files"], work);
      const folder = join(cache, folderName + own.slice(name.length).replace(/\.deb$/, ""));
      await rename(join(work, "files"), folder);
      return folder;
    } catch (error) {
      throw new Error(`Debian's package ${name} cannot be had: ${(error as Error).message}`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** Runs apt-get in `cwd`. Lists of packages that are missing or out of date are fetched into `work`, for this alone. */
async function apt(work: string, cwd: string, args: string[]): Promise<void> {
  const [state, cache] = [join(work, "state"), join(work, "cache")];
  const own = { "Dir::State": state, "Dir::State::Lists": join(state, "lists"), "Dir::Cache": cache };
  const folders = Object.entries({ ...own, "Dir::State::status": "/var/lib/dpkg/status" })
    .flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const asRoot = process.getuid?.() === 0 ? ["-o", "APT::Sandbox::User=root"] : [];
  try {
    await run("apt-get", [...asRoot, ...args], cwd);
  } catch {
    for (const folder of [join(state, "lists", "partial"), join(cache, "archives", "partial")]) {
      await mkdir(folder, { recursive: true });
    }
    await run("apt-get", [...asRoot, ...folders, "update"], work);
    await run("apt-get", [...asRoot, ...folders, ...args], cwd);
  }
}

function run(command: string, args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
    execFile(command, args, { cwd, env, maxBuffer: 1 << 26 }, (error, _, stderr) => {
      if (error) reject(new Error(`${command}: ${stderr.trim() || error.message}`));
      else resolve();
    });
  });
}
