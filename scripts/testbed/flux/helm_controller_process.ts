import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { onTermination } from "../../../core/runtime/signals.ts";
import { startTied } from "../processes.ts";
import { type HelmController, type HelmControllerOptions, startHelmController } from "./helm_controller.ts";

export interface HelmControllerProcess extends HelmController {
  /** The lines that it has written so far. */
  logs(): Promise<string>;
}

const readyLine = "watching";

/**
 * Starts the stand-in as a process of its own, so that its work does not hold up this one, and resolves once it has listed what is
 * there. It ends with this process at the latest. Throws with its log when it ends before, or says nothing for 30 s.
 */
export async function startHelmControllerProcess(
  { kubeconfig, namespaces, dir }: Omit<HelmControllerOptions, "log">,
): Promise<HelmControllerProcess> {
  const scratch = await mkdtemp(join(tmpdir(), "headwind-flux-process-"));
  const runtime = "Deno" in globalThis ? ["run", "--allow-all", "--quiet"] : ["--no-warnings"];
  const tied = startTied({
    name: "helm-controller",
    command: process.execPath,
    args: [...runtime, fileURLToPath(import.meta.url), JSON.stringify({ kubeconfig, namespaces, dir })],
    dir: scratch,
    env: homes(),
  });
  const logs = () => readFile(tied.log, "utf8");
  const stop = async () => {
    await tied.stop();
    await rm(scratch, { recursive: true, force: true });
  };
  const deadline = performance.now() + 30_000;
  while (!(await logs()).split("\n").includes(readyLine)) {
    const ended = tied.ended() ?? (performance.now() > deadline ? "no answer in 30 s" : undefined);
    if (ended) {
      const tail = await tied.tail();
      await stop();
      throw new Error(`the stand-in for helm-controller did not start (${ended}):\n${tail}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  return { stop, logs };
}

/** Where the test bed's binaries and the runtime's cache are: the process has a home of its own. */
function homes(): Record<string, string> {
  const names = ["HEADWIND_CACHE", "XDG_CACHE_HOME", "KUBEBUILDER_ASSETS", "DENO_DIR", "HOME"];
  return Object.fromEntries(names.flatMap((name) => process.env[name] ? [[name, process.env[name]]] : []));
}

if (import.meta.main) {
  const controller = await startHelmController({ ...JSON.parse(process.argv[2]!), log: (line) => console.log(line) });
  console.log(readyLine);
  onTermination(() => void controller.stop().then(() => process.exit(0)));
}
