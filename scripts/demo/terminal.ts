import { execFile, type ExecFileOptions } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { bundleKubectl } from "../bundle_kubectl.ts";
import type { Person } from "./people.ts";

/** Where people of the story type their commands. */
export interface Terminal {
  /** Folder of `kubectl-headwind`, for a visitor's PATH. */
  bin: string;
  /** Bundles `kubectl headwind`, once. Throws with the errors as text. */
  install(): Promise<void>;
  /** What a run of `kubectl` printed, with somebody's own rights. Throws with its standard error. */
  kubectl(person: Person, args: readonly string[]): Promise<string>;
}

/** `dir` is for its files, `binaries` is the folder of kubectl; `signal` ends what runs. Nothing is done before it is asked for. */
export function openTerminal(dir: string, binaries: string, signal: AbortSignal): Terminal {
  const bin = join(dir, "bin");
  let installed: Promise<void> | undefined;
  const terminal: Terminal = {
    bin,
    install: () => installed ??= install(join(dir, "bundle"), bin),
    async kubectl({ kubeconfig }, args) {
      await terminal.install();
      const env = { HOME: dir, KUBECONFIG: kubeconfig, PATH: [bin, binaries, process.env.PATH].join(":") };
      return await run(join(binaries, "kubectl"), args, { env, signal });
    },
  };
  return terminal;
}

/** The bundle as it is released, and a command that runs it on the runtime that npm brought, whatever the machine has. */
async function install(outdir: string, bin: string): Promise<void> {
  await bundleKubectl(outdir);
  await mkdir(bin, { recursive: true });
  const quoted = [process.execPath, join(outdir, "kubectl-headwind")].map((path) =>
    `'${path.replaceAll("'", "'\\''")}'`
  );
  const script = `#!/bin/sh\nexec ${quoted[0]} run --allow-all --quiet ${quoted[1]} "$@"\n`;
  await writeFile(join(bin, "kubectl-headwind"), script, { mode: 0o755 });
}

function run(command: string, args: readonly string[], options: ExecFileOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error) reject(new Error(`kubectl ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}
