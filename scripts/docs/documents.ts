import { readdir } from "node:fs/promises";
import { join } from "node:path";

const folders = ["core", "plugins", "ui", "deploy", "scripts", "test"];

/** The README files of the repository: paths from its root, that of the root first. */
export async function documents(root: string): Promise<string[]> {
  const inFolders = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }))
        .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
        .filter((path) =>
          /(?:^|\/)README\.md$/.test(path) && !path.includes("/data/") && !path.includes("node_modules/")
        )
        .sort()
    ),
  );
  return ["README.md", ...inFolders.flat()];
}
