import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder as the kubelet mounts a ConfigMap: links to links to files, which are in a folder of this version. */
export interface Mounted {
  path: string;
  remove(): Promise<void>;
}

/** Mounts the files of a folder. */
export async function mounted(folder: string): Promise<Mounted> {
  const path = await mkdtemp(join(tmpdir(), "headwind-mounted-"));
  const version = "..2026_01_01_00_00_00.123456789";
  await mkdir(join(path, version));
  await symlink(version, join(path, "..data"));
  for (const name of await readdir(folder)) {
    await cp(join(folder, name), join(path, version, name));
    await symlink(join("..data", name), join(path, name));
  }
  return { path, remove: () => rm(path, { recursive: true }) };
}
