import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";

/**
 * Runs `work` while this process alone holds the lock file. The file names its holder's pid; a lock whose holder
 * is dead is taken over. `waiting` is called once, with the holder's pid, when somebody else is at work.
 */
export async function locked<T>(file: string, work: () => Promise<T>, waiting?: (pid: number) => void): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}.${crypto.randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    for (let told = false; !(await linked(mine, file));) {
      const holder = await holderOf(file);
      if (holder === undefined) continue;
      if (!alive(holder)) {
        await takeOver(file, holder, mine);
        continue;
      }
      if (!told) waiting?.(holder);
      told = true;
      await new Promise((done) => setTimeout(done, 500));
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function holderOf(file: string): Promise<number | undefined> {
  try {
    return Number(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Moves the dead holder's file away; puts it back if, in between, somebody living had taken it over. */
async function takeOver(file: string, dead: number, mine: string): Promise<void> {
  const aside = `${mine}.stale`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if (await holderOf(aside) !== dead) await linked(aside, file);
  await rm(aside, { force: true });
}

function alive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
