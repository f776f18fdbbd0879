import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { build } from "./build.ts";
import { cacheFolder } from "./cache.ts";
import { envtest, envtestNames } from "./envtest.ts";
import { createEstimate } from "./estimate.ts";
import { locked } from "./lock.ts";
import { type Recipe, recipes } from "./recipes.ts";

/** The programs of the test bed. */
export const assetNames: readonly string[] = recipes.map(({ name }) => name);

/**
 * The folder with the programs of the test bed: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, kwok
 * (and `kwok-stages.yaml`), registry, htpasswd, crane, helm. Of them those in `needs` are there; others may be under way.
 *
 * etcd, kube-apiserver and kubectl are those of `KUBEBUILDER_ASSETS` where it is set, else those that were built, else those
 * of the envtest archive where it can be had. All else is built once through Go modules, one program at a time.
 *
 * @param progress gets lines only when there is something to do
 * @param needs @default all
 * @throws where a build fails
 */
export async function assets(
  progress: (line: string) => void = () => {},
  needs: readonly string[] = assetNames,
): Promise<string> {
  const cache = cacheFolder();
  const given = await givenFolder(cache, progress);
  const sources = recipes.map((recipe) => ({ recipe, path: placeOf(recipe, cache, given) }));
  const folder = join(cache, keyOf(sources.map(({ path }) => path)));
  if (!existsSync(folder)) await linkAll(folder, sources);
  const missing = sources.filter(({ recipe, path }) => needs.includes(recipe.name) && !existsSync(path));
  const estimate = createEstimate(missing.map(({ recipe }) => recipe));
  let told: number | undefined;
  for (const [index, { recipe, path }] of missing.entries()) {
    const name = `test bed: building ${recipe.name} ${recipe.version}`;
    await locked(join(cache, "build.lock"), async () => {
      const done = estimate.begin(index);
      if (!existsSync(path)) {
        await build(recipe, path, (line) => {
          progress(`${name} (${index + 1} of ${missing.length}, ${estimate.left()}): ${line}`);
        });
      }
      done();
    }, (pid) => {
      if (told !== pid && pid !== process.pid) progress(`test bed: waiting for process ${pid}, which is building`);
      told = pid;
    });
  }
  return folder;
}

interface Source {
  recipe: Recipe;
  path: string;
}

/** Where a recipe's program is, or will be once built. */
function placeOf(recipe: Recipe, cache: string, given: string | undefined): string {
  const isGiven = given && (envtestNames as readonly string[]).includes(recipe.name);
  const there = isGiven ? join(given, recipe.name) : undefined;
  return there && existsSync(there) ? there : builtPlaceOf(recipe, cache);
}

const builtPlaceOf = ({ name, version }: Recipe, cache: string): string => join(cache, "bin", `${name}-${version}`);

async function givenFolder(cache: string, progress: (line: string) => void): Promise<string | undefined> {
  if (process.env.KUBEBUILDER_ASSETS) return resolve(process.env.KUBEBUILDER_ASSETS);
  const inArchive = recipes.filter(({ name }) => (envtestNames as readonly string[]).includes(name));
  if (inArchive.every((recipe) => existsSync(builtPlaceOf(recipe, cache)))) return undefined;
  return await envtest(cache, progress);
}

function keyOf(paths: string[]): string {
  return createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 16);
}

/** Links to programs that are still to be built lead nowhere until then. */
async function linkAll(folder: string, sources: Source[]): Promise<void> {
  const aside = `${folder}.${process.pid}.${crypto.randomUUID()}.part`;
  await mkdir(aside, { recursive: true });
  for (const { recipe, path } of sources) {
    await symlink(path, join(aside, recipe.name));
    if (recipe.keep) await symlink(`${path}.${recipe.keep.file}`, join(aside, recipe.keep.file));
  }
  try {
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true });
    // another process was first
    if (!existsSync(folder)) throw error;
  }
}
