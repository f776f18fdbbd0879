import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { build } from "./build.ts";
import { cacheFolder } from "./cache.ts";
import { downloadEnvtest, envtestNames } from "./download.ts";
import { locked } from "./lock.ts";
import { type Recipe, recipes } from "./recipes.ts";
import { versions } from "./versions.ts";

/**
 * The folder with all binaries of the test bed: etcd, kube-apiserver, kube-controller-manager, kube-scheduler,
 * kubectl, kwok (and `kwok-stages.yaml`), registry, crane, helm.
 *
 * etcd, kube-apiserver and kubectl are those of `KUBEBUILDER_ASSETS` where it is set, else those of the envtest
 * archive where `HEADWIND_TESTBED_DOWNLOAD=1` and it can be had. All else is built once through Go modules.
 * `progress` gets lines only when there is something to do. Throws when a build fails.
 */
export async function assets(progress: (line: string) => void = () => {}): Promise<string> {
  const cache = cacheFolder();
  const given = await givenFolder(cache, progress);
  const sources = recipes.map((recipe) => ({ recipe, path: placeOf(recipe, cache, given) }));
  const folder = join(cache, keyOf(sources.map(({ path }) => path)));
  if (existsSync(folder) && sources.every(({ path }) => existsSync(path))) return folder;
  return await locked(join(cache, "build.lock"), async () => {
    for (const [index, { recipe, path }] of sources.entries()) {
      if (existsSync(path)) continue;
      const name = `test bed: ${recipe.name} ${recipe.version} (${index + 1} of ${sources.length})`;
      await build(recipe, path, (line) => progress(`${name}: ${line}`));
    }
    if (!existsSync(folder)) await linkAll(folder, sources);
    return folder;
  }, (pid) => progress(`test bed: waiting for process ${pid}, which is building`));
}

interface Source {
  recipe: Recipe;
  path: string;
}

/** Where a recipe's binary is, or will be once built. */
function placeOf(recipe: Recipe, cache: string, given: string | undefined): string {
  const there = given && envtestNames.includes(recipe.name) ? join(given, recipe.name) : undefined;
  return there && existsSync(there) ? there : join(cache, "bin", `${recipe.name}-${recipe.version}`);
}

async function givenFolder(cache: string, progress: (line: string) => void): Promise<string | undefined> {
  if (process.env.KUBEBUILDER_ASSETS) return resolve(process.env.KUBEBUILDER_ASSETS);
  if (process.env.HEADWIND_TESTBED_DOWNLOAD !== "1") return undefined;
  const folder = join(cache, `envtest-${versions.envtest}`);
  return await locked(join(cache, "download.lock"), async () => {
    if (existsSync(folder)) return folder;
    progress(`test bed: downloading envtest ${versions.envtest}`);
    try {
      await downloadEnvtest(folder);
      return folder;
    } catch (error) {
      progress(`test bed: no envtest archive (${(error as Error).message}); building instead`);
      return undefined;
    }
  });
}

function keyOf(paths: string[]): string {
  return createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 16);
}

async function linkAll(folder: string, sources: Source[]): Promise<void> {
  const aside = `${folder}.${process.pid}.part`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  for (const { recipe, path } of sources) {
    await symlink(path, join(aside, recipe.name));
    if (recipe.keep) await symlink(`${path}.${recipe.keep.file}`, join(aside, recipe.keep.file));
  }
  await rename(aside, folder);
}

if (import.meta.main) console.log(await assets((line) => console.error(line)));
