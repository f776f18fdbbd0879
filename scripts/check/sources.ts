import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A source file: its path from the root, with `/`, and its text. */
export interface Source {
  path: string;
  text: string;
}

/** All TypeScript files in these folders of `root`, by path. */
export async function sources(root: string, folders: string[]): Promise<Source[]> {
  const found: Source[] = [];
  for (const folder of folders.filter((folder) => existsSync(join(root, folder)))) {
    const names = (await readdir(join(root, folder), { recursive: true })).filter((name) => name.endsWith(".ts"));
    for (const name of names.sort()) {
      found.push({ path: `${folder}/${name}`, text: await readFile(join(root, folder, name), "utf8") });
    }
  }
  return found;
}

/** What a file imports by relative paths: paths from the root. */
export function importsOf({ path, text }: Source): string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, specifier]) => join(dirname(path), specifier!));
}

/**
 * Imports against the direction: `core/` imports nothing from outside of itself; a plugin imports `core/plugin.ts` and the
 * folder of its own name, whose files import each other, and a folder beside it that no plugin has the name of. Only `plugins/builtin.ts`, the list of the built-in plugins,
 * imports plugins. A face, a folder of `ui/`, imports its own files, `core/ui.ts` (the dashboard
 * `core/web.ts` too), the contract and the list of plugins.
 */
export function forbiddenImports(files: Source[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const isShared = (path: string, imported: string) => {
    const [folder] = /^plugins\/[^/]+\/[^/]+(?=\/)/.exec(imported) ?? [];
    return folder !== undefined && path.startsWith(`${dirname(folder)}/`) && !paths.has(`${folder}.ts`);
  };
  return files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !mayImport(file.path, imported) && !isShared(file.path, imported))
      .map((imported) => `${file.path} may not import ${imported}`)
  );
}

function mayImport(path: string, imported: string): boolean {
  if (path.startsWith("core/")) return imported.startsWith("core/");
  if (imported === "core/plugin.ts") return true;
  const face = /^ui\/[^/]+\//.exec(path)?.[0];
  if (face) {
    const ofCore = face === "ui/web/" ? ["core/ui.ts", "core/web.ts"] : ["core/ui.ts"];
    return imported.startsWith(face) || [...ofCore, "plugins/builtin.ts"].includes(imported);
  }
  const own = /^(plugins\/[^/]+\/[^/]+?)(?:\.ts$|\/)/.exec(path)?.[1];
  if (own && imported.startsWith(`${own}/`)) return true;
  return path === "plugins/builtin.ts" && imported.startsWith("plugins/");
}

/** Where the linter is told to let this rule go. */
export function lintIgnores(files: Source[], rule: string): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      line.includes("deno-lint-ignore") && line.includes(rule) ? [`${path}:${index + 1} ignores ${rule}`] : []
    )
  );
}
