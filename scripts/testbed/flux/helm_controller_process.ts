import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { onTermination } from "../../../core/runtime/process.ts";
import { delay } from "../../../core/lib/delay.ts";
import { startOwnProcess } from "../own_process.ts";
import { type HelmController, type HelmControllerOptions, startHelmController } from "./helm_controller.ts";

export interface HelmControllerProcess extends HelmController {
  /** Resolves once it has listed what is there. Throws with the end of its log when it ends, or 60 s pass. */
  ready(signal?: AbortSignal): Promise<void>;
  /** The lines that it has written so far. */
  logs(): Promise<string>;
}

const readyLine = "watching";

/**
 * Starts the stand-in as a process of its own, so that its work does not hold up this one. It ends with this process at the
 * latest; `stop` lets it end the helm that it may run.
 */
export async function launchHelmController(
  { kubeconfig, namespaces, dir }: Omit<HelmControllerOptions, "log">,
): Promise<HelmControllerProcess> {
  const scratch = await mkdtemp(join(tmpdir(), "headwind-flux-process-"));
  const own = dir ?? join(scratch, "helm");
  const started = startOwnProcess({
    name: "helm-controller",
    script: fileURLToPath(import.meta.url),
    args: [JSON.stringify({ kubeconfig, namespaces, dir: own })],
    dir: scratch,
    inherits: ["HEADWIND_CACHE", "KUBEBUILDER_ASSETS", "HEADWIND_TESTBED_DOWNLOAD", "CI"],
  });
  const logs = () => readFile(started.log, "utf8");
  return {
    logs,
    async ready(signal) {
      const deadline = performance.now() + 60_000;
      while (!(await logs()).split("\n").includes(readyLine)) {
        const why = started.ended() ?? (performance.now() > deadline ? "not ready in 60 s" : undefined);
        if (why) {
          const tail = await started.tail();
          throw new Error(`the stand-in for helm-controller did not start (${why}); its last lines:\n${tail}`);
        }
        await delay(20, signal);
      }
    },
    async stop() {
      await started.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** As `launchHelmController`, and resolves when it is ready. */
export async function startHelmControllerProcess(
  options: Omit<HelmControllerOptions, "log">,
): Promise<HelmControllerProcess> {
  const started = await launchHelmController(options);
  await started.ready().catch(async (error) => {
    await started.stop();
    throw error;
  });
  return started;
}

if (import.meta.main) {
  const controller = await startHelmController({ ...JSON.parse(process.argv[2]!), log: (line) => console.log(line) });
  console.log(readyLine);
  onTermination(() => void controller.stop().then(() => process.exit(0)));
}
