import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type Metafile, type Plugin, stop, transform } from "esbuild";
import { readAssetFiles } from "../ui/web/asset_files.ts";
import { HELP, readCommandLine, readOptions } from "./command_line.ts";
import { bundleKubectl } from "./bundle_kubectl.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const usage = `usage: npm run bundle [-- --outdir DIR]

Bundles the operator to DIR/headwind.js (default dist), for Deno and Node. What a run in a cluster does not need
lies in files of its own, which are loaded when they are needed. And \`kubectl headwind\` to DIR/kubectl-headwind, which is one file.`;

const code = {
  platform: "node",
  target: ["es2023", "node22"],
  minifySyntax: true,
  minifyWhitespace: true,
} satisfies BuildOptions;

/**
 * Bundles the operator into `outdir`, and gives esbuild's account of it. Throws with the errors as text.
 *
 * `headwind.js` only requires the rest, which is CommonJS: of a module Deno keeps the whole syntax tree in memory where it
 * cannot write what it learned of it, as in a container; that were 35 MB.
 */
export async function bundle(outdir: string): Promise<Metafile> {
  await rm(join(outdir, "headwind.js"), { force: true });
  await rm(join(outdir, "chunks"), { recursive: true, force: true });
  try {
    const { metafile, outputFiles } = await build({
      ...code,
      absWorkingDir: root,
      entryPoints: [{ in: "scripts/start.ts", out: "chunks/start" }],
      outdir,
      outExtension: { ".js": ".cjs" },
      write: false,
      bundle: true,
      // only modules can be split
      splitting: true,
      chunkNames: "chunks/[name]-[hash]",
      format: "esm",
      legalComments: "linked",
      metafile: true,
      logLevel: "silent",
      plugins: [assetTexts],
    });
    await mkdir(join(outdir, "chunks"), { recursive: true });
    for (const { path, text } of outputFiles) {
      await writeFile(path, path.endsWith(".cjs") ? await commonJs(text) : text);
    }
    await writeFile(join(outdir, "headwind.js"), loader);
    // so that Node takes it as a module
    await writeFile(join(outdir, "package.json"), '{ "type": "module" }\n');
    await cp(join(root, "LICENSE"), join(outdir, "LICENSE"));
    return metafile;
  } finally {
    await stop();
  }
}

/** What the dashboard gives browsers is in the bundle as it is: nothing is read from beside it. */
const assetTexts: Plugin = {
  name: "asset-texts",
  setup({ onLoad }) {
    onLoad({ filter: /\/ui\/web\/asset_files\.ts$/ }, async () => ({
      contents: `export const readAssetFiles = async () => (${JSON.stringify(await readAssetFiles())});`,
    }));
  },
};

/**
 * Files of the bundle are required where they are needed. Of a package of the older kind esbuild exports a default alone,
 * where `import()` of the package itself gives its parts too.
 */
async function commonJs(module: string): Promise<string> {
  const { code: text } = await transform(module, { ...code, format: "cjs" });
  const parts = 'Object.keys(m).join()==="default"?Object.create(m.default,{default:{value:m.default}}):m';
  const required = `Promise.resolve().then(()=>(m=>${parts})(require($1)))`;
  return text.replaceAll(/\bimport\(("\.\/[^"]+\.cjs")\)/g, required);
}

const loader = `import { createRequire } from "node:module";
createRequire(import.meta.url)("./chunks/start.cjs");
`;

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
  const options = { outdir: { type: "string", default: join(root, "dist") }, ...HELP } as const;
  const outdir = resolve(readCommandLine((args) => readOptions(args, options).values, usage, args).outdir);
  const metafile = await bundle(outdir);
  const entry = relative(root, join(outdir, "chunks", "start.cjs"));
  const first = loadedAtStart(metafile, entry);
  const all = Object.keys(metafile.outputs).filter((name) => name.endsWith(".cjs"));
  const line = (name: string) => {
    const size = `${(metafile.outputs[name]!.bytes / 1024).toFixed(0)} KB`.padStart(8);
    const packages = packagesIn(metafile, [name]);
    return `${size}  ${relative(dirname(entry), name)}${packages.length > 0 ? `  (${packages.join(", ")})` : ""}`;
  };
  const total = first.reduce((sum, name) => sum + metafile.outputs[name]!.bytes, 0);
  console.log(`loaded at the start: ${(total / 1024).toFixed(0)} KB`);
  for (const name of first) console.log(line(name));
  console.log("loaded when needed:");
  for (const name of all.filter((name) => !first.includes(name))) console.log(line(name));
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
