import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Recipe } from "./recipes.ts";

/**
 * Builds one binary through Go modules and moves it into place in one step, with the files it keeps beside it.
 * `progress` gets a line at least every ten seconds. Throws with the end of Go's output when it does not build.
 */
export async function build(recipe: Recipe, target: string, progress: (line: string) => void): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), `headwind-build-${recipe.name}-`));
  const forget = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", forget);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  let state = "fetching modules";
  const ticking = setInterval(() => progress(`${state}, ${seconds()} s so far`), 10_000);
  try {
    progress(state);
    const module = await source(recipe, work);
    await writeFile(join(work, "go.mod"), goMod(recipe, await readFile(module.GoMod, "utf8")));
    if (recipe.source) {
      await cp(fileURLToPath(new URL(`./${recipe.source}`, import.meta.url)), work, { recursive: true });
    }
    const packages = (await go(work, ["list", "-mod=mod", "-deps", recipe.command])).trim().split("\n").length;
    const linker = ["-s", "-w", ...Object.entries(recipe.stamp).map(([name, value]) => `-X ${name}=${value}`)].join(
      " ",
    );
    let compiled = 0;
    state = `compiling ${packages} packages`;
    progress(`${state}, ${seconds()} s so far`);
    const output = join(work, recipe.name);
    await go(
      work,
      ["build", "-v", "-mod=mod", "-trimpath", "-buildvcs=false", "-ldflags", linker, "-o", output, recipe.command],
      (lines) => {
        compiled += lines;
        state = `compiling, ${compiled} of at most ${packages} packages`;
      },
    );
    await chmod(output, 0o755);
    if (recipe.keep) await into(`${target}.${recipe.keep.file}`, await yamlOf(module.Dir, recipe.keep.folders));
    await into(target, await readFile(output), 0o755);
    progress(`built in ${seconds()} s`);
  } finally {
    clearInterval(ticking);
    process.off("exit", forget);
    await rm(work, { recursive: true, force: true });
  }
}

async function source(recipe: Recipe, work: string): Promise<{ GoMod: string; Dir: string }> {
  await writeFile(join(work, "go.mod"), "module headwind.sh/testbed\n");
  return JSON.parse(await go(work, ["mod", "download", "-json", `${recipe.module}@${recipe.moduleVersion}`]));
}

/** A go.mod that requires the one module; `upstream` is that module's own go.mod, for the names of its staging modules. */
export function goMod(recipe: Recipe, upstream: string): string {
  const lines = ["module headwind.sh/testbed", "", `go ${/^go (\S+)/m.exec(upstream)?.[1] ?? "1.26"}`, ""];
  lines.push(`require ${recipe.module} ${recipe.moduleVersion}`);
  if (recipe.staging) {
    const names = [...upstream.matchAll(/^\s*(?:require\s+)?(k8s\.io\/\S+) v0\.0\.0(?!-)/gm)].map((found) => found[1]);
    for (const name of new Set(names)) lines.push(`replace ${name} => ${name} ${recipe.staging}`);
  }
  return lines.join("\n") + "\n";
}

async function yamlOf(module: string, folders: string[]): Promise<Uint8Array> {
  const documents: string[] = [];
  for (const folder of folders) {
    const names = (await readdir(join(module, folder))).filter((name) => /\.ya?ml$/.test(name)).sort();
    for (const name of names.filter((name) => !name.startsWith("kustomization"))) {
      documents.push(await readFile(join(module, folder, name), "utf8"));
    }
  }
  return new TextEncoder().encode(documents.join("\n---\n"));
}

async function into(target: string, content: Uint8Array, mode = 0o644): Promise<void> {
  const aside = `${target}.${process.pid}.part`;
  await mkdir(join(target, ".."), { recursive: true });
  await writeFile(aside, content, { mode });
  await rename(aside, target);
}

function go(work: string, args: string[], compiled?: (lines: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GO111MODULE: "on", GOTMPDIR: work };
    const child = spawn("go", args, { cwd: work, env, stdio: ["ignore", "pipe", "pipe"] });
    // what runs beside it is not slowed down
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => out += text);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err = (err + text).slice(-4000);
      compiled?.(text.split("\n").length - 1);
    });
    child.on("error", () => reject(new Error("Go is not there: install Go 1.26 or newer to build the test bed")));
    const interrupt = () => child.kill("SIGINT");
    process.once("exit", interrupt);
    child.on("close", (code) => {
      process.off("exit", interrupt);
      if (code === 0) resolve(out);
      else reject(new Error(`go ${args[0]} failed:\n${err || out}`));
    });
  });
}
