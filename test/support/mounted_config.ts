import { mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that a ConfigMap is mounted at, written as a kubelet does it. */
export interface MountedConfig {
  folder: string;
  /** Swaps the link `..data` to a new folder with this file, or with none. */
  write(text: string | Uint8Array | undefined): Promise<void>;
  remove(): Promise<void>;
}

/** Source: `AtomicWriter` of Kubernetes, pkg/volume/util/atomic_writer.go. */
export async function mountedConfig(file = "config.yaml"): Promise<MountedConfig> {
  const folder = await mkdtemp(join(tmpdir(), "headwind-config-"));
  const data = join(folder, "..data");
  let written = 0;
  return {
    folder,
    async write(text) {
      const version = `..2026_${++written}`;
      await mkdir(join(folder, version));
      if (text !== undefined) await writeFile(join(folder, version, file), text);
      const before = await readlink(data).catch(() => undefined);
      await symlink(version, join(folder, "..data_tmp"));
      await rename(join(folder, "..data_tmp"), data);
      if (before === undefined) await symlink(join("..data", file), join(folder, file));
      else await rm(join(folder, before), { recursive: true });
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
