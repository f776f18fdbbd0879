import { join } from "node:path";
import { installDefinitions, shared } from "../../test/support/shared.ts";
import { assets } from "../testbed/assets.ts";
import { chromium } from "../testbed/chromium.ts";
import { startControlPlane } from "../testbed/controlplane.ts";
import { startRegistry } from "../testbed/registry.ts";
import type { TestFile } from "./files.ts";

export interface SharedServers {
  /** The variables by which `test/support` finds them. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Builds and fetches what is missing of the test bed and starts the control plane and the registry, each only if one of the files uses it. */
export async function startShared(
  files: TestFile[],
  dir: string,
  progress: (line: string) => void,
): Promise<SharedServers> {
  const needs = (what: keyof TestFile["uses"]) => files.some(({ uses }) => uses[what]);
  const stops: (() => Promise<void>)[] = [];
  const env: Record<string, string> = {};
  const stop = async () => void await Promise.all(stops.map((one) => one()));
  try {
    // the files that use it say so themselves where it cannot be had
    const browser = needs("chromium") ? chromium(progress).catch(() => {}) : undefined;
    if (needs("assets")) await assets(progress);
    await browser;
    if (needs("cluster")) {
      progress("starting the control plane");
      const plane = await startControlPlane({ progress });
      stops.push(() => plane.stop());
      await installDefinitions(plane);
      env[shared.kubeconfig] = plane.kubeconfig;
    }
    if (needs("registry")) {
      const registry = await startRegistry({ dir: join(dir, "registry") });
      stops.push(() => registry.stop());
      env[shared.registry] = registry.host;
      env[shared.registryLog] = registry.log;
    }
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
