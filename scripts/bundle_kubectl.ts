import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Both as a module and as a script of the older kind this is the same, so that it does not matter whether a package.json
 * stands above the place where the file is installed, and what that says.
 */
const banner = `#!/usr/bin/env node
var require = process.getBuiltinModule("node:module").createRequire(process.argv[1]);`;

/** Bundles `kubectl headwind` into one executable file for Node and Deno, and gives its size in bytes. Throws with the errors as text. */
export async function bundleKubectl(outdir: string): Promise<number> {
  const path = join(outdir, "kubectl-headwind");
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: ["ui/kubectl/kubectl-headwind.ts"],
      outfile: path,
      write: false,
      bundle: true,
      format: "iife",
      platform: "node",
      target: "es2023",
      minify: true,
      keepNames: true,
      legalComments: "eof",
      banner: { js: banner },
      logLevel: "silent",
    });
    await mkdir(outdir, { recursive: true });
    // never half a file in a place where somebody runs it
    await writeFile(`${path}.part`, outputFiles[0]!.contents);
    await chmod(`${path}.part`, 0o755);
    await rename(`${path}.part`, path);
    return outputFiles[0]!.contents.length;
  } finally {
    await stop();
  }
}
