import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { pause } from "../../core/kube/pause.ts";
import type { ControlPlane } from "../testbed/controlplane.ts";
import type { HelmControllerOptions } from "../testbed/flux/helm_controller.ts";
import { namespace } from "./namespace.ts";
import { startOwnProcess } from "./own_process.ts";

/** What stands in for Flux's helm-controller, as a process of its own. */
export interface FluxProcess {
  /** Resolves once it watches. Throws with the end of its log when it ends, or 60 s pass. */
  ready(signal: AbortSignal): Promise<void>;
  /** Ends it, and the helm that it may run. */
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("../testbed/flux/helm_controller_process.ts", import.meta.url));
const readyLine = "watching";

/** Flux's CRDs must be there. `dir` is for its log, and for Helm's files. */
export function startFlux({ controlPlane, dir }: { controlPlane: ControlPlane; dir: string }): FluxProcess {
  const options: HelmControllerOptions = { kubeconfig: controlPlane.kubeconfig, namespaces: [namespace], dir };
  const started = startOwnProcess({
    name: "helm-controller",
    script,
    args: [JSON.stringify(options)],
    dir,
    inherits: ["HEADWIND_CACHE", "KUBEBUILDER_ASSETS"],
  });
  return {
    async ready(signal) {
      const deadline = performance.now() + 60_000;
      while (!(await readFile(started.log, "utf8")).split("\n").includes(readyLine)) {
        const why = started.ended() ?? (performance.now() > deadline ? "not ready in 60 s" : undefined);
        if (why) {
          throw new Error(`the stand-in for Flux did not start (${why}); its last lines:\n${await started.tail()}`);
        }
        await pause(20, signal);
      }
    },
    stop: started.stop,
  };
}
