import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** From path to what changes with each writing of the file. */
export type Sources = ReadonlyMap<string, string>;

/** The source files below some folders, by their paths relative to `root`. */
export async function readSources(root: string, folders: readonly string[]): Promise<Sources> {
  const names = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).filter((name) => /\.(ts|json)$/.test(name))
        .map((name) => join(folder, name))
    ),
  );
  const read = names.flat().sort().map(async (name): Promise<[string, string][]> => {
    const found = await stat(join(root, name)).catch(() => undefined);
    return found ? [[name, `${found.mtimeMs} ${found.size}`]] : [];
  });
  return new Map((await Promise.all(read)).flat());
}

/** The files that are new, written or gone. */
export function changedSources(before: Sources, after: Sources): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** An editor writes a file in several steps, and git many files. */
const quietMs = 200;

/**
 * Calls `onChange` with the files that have changed, once nothing more has happened for a moment. What is told by the runtime
 * only says when to look: it tells of reading, too.
 *
 * @returns what ends it
 */
export async function watchSources(
  root: string,
  folders: readonly string[],
  onChange: (files: string[]) => void,
): Promise<() => void> {
  let known = await readSources(root, folders);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = Promise.resolve();
  async function look(): Promise<void> {
    const now = await readSources(root, folders);
    const changed = changedSources(known, now);
    known = now;
    if (changed.length > 0) onChange(changed);
  }
  const soon = () => {
    clearTimeout(timer);
    // a folder may be gone for a moment
    timer = setTimeout(() => void (looking = looking.then(look).catch(soon)), quietMs);
  };
  const watchers: FSWatcher[] = folders.map((folder) => watch(join(root, folder), { recursive: true }, soon));
  for (const watcher of watchers) watcher.on("error", soon);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
