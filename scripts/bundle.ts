import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build, type Metafile, stop } from "esbuild";
import { bundleKubectl } from "./bundle_kubectl.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const usage = `usage: npm run bundle [-- --outdir DIR]

Bundles the operator to DIR/headwind.js (default dist), for Deno and Node. What a run in a cluster does not need
lies in files beside it, which are loaded when they are. And \`kubectl headwind\` to DIR/kubectl-headwind, which is one file.`;

/** Bundles the operator into `outdir`, and gives esbuild's account of it. Throws with the errors as text. */
export async function bundle(outdir: string): Promise<Metafile> {
  await rm(join(outdir, "headwind.js"), { force: true });
  await rm(join(outdir, "chunks"), { recursive: true, force: true });
  try {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [{ in: "scripts/start.ts", out: "headwind" }],
      outdir,
      bundle: true,
      splitting: true,
      chunkNames: "chunks/[name]-[hash]",
      format: "esm",
      platform: "node",
      target: "es2023",
      minifySyntax: true,
      minifyWhitespace: true,
      keepNames: true,
      legalComments: "linked",
      banner: {
        // packages of the older kind call require for what the runtime brings
        js:
          'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
      },
      metafile: true,
      logLevel: "silent",
    });
    await mkdir(outdir, { recursive: true });
    // so that Node takes the files as modules
    await writeFile(join(outdir, "package.json"), '{ "type": "module" }\n');
    await cp(join(root, "LICENSE"), join(outdir, "LICENSE"));
    return metafile;
  } finally {
    await stop();
  }
}

/** The output files that are loaded at the start: `entry` and all that it imports other than by `import()`. */
export function loadedAtStart({ outputs }: Metafile, entry: string): string[] {
  const found = new Set([entry]);
  for (const name of found) {
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === "import-statement") found.add(path);
  }
  return [...found].filter((name) => name in outputs);
}

/** The npm packages whose code is in these output files. */
export function packagesIn({ outputs }: Metafile, names: string[]): string[] {
  const inputs = names.flatMap((name) => Object.entries(outputs[name]?.inputs ?? {}))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(inputs.filter((name) => name !== undefined))].sort();
}

async function main(args: string[]): Promise<void> {
  if (args.length === 1 && (args[0] === "--help" || args[0] === "-h")) return console.log(usage);
  if (args.length > 0 && (args[0] !== "--outdir" || args[1] === undefined || args.length > 2)) throw new Error(usage);
  const outdir = resolve(args[1] ?? join(root, "dist"));
  const metafile = await bundle(outdir);
  const entry = relative(root, join(outdir, "headwind.js"));
  const first = loadedAtStart(metafile, entry);
  const code = Object.keys(metafile.outputs).filter((name) => name.endsWith(".js"));
  const line = (name: string) => {
    const size = `${(metafile.outputs[name]!.bytes / 1024).toFixed(0)} KB`.padStart(8);
    const packages = packagesIn(metafile, [name]);
    return `${size}  ${relative(dirname(entry), name)}${packages.length > 0 ? `  (${packages.join(", ")})` : ""}`;
  };
  const total = first.reduce((sum, name) => sum + metafile.outputs[name]!.bytes, 0);
  console.log(`loaded at the start: ${(total / 1024).toFixed(0)} KB`);
  for (const name of first) console.log(line(name));
  console.log("loaded when needed:");
  for (const name of code.filter((name) => !first.includes(name))) console.log(line(name));
  console.log(`kubectl-headwind: ${(await bundleKubectl(outdir) / 1024).toFixed(0)} KB`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
