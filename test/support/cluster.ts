import process from "node:process";
import { attachControlPlane, type ControlPlane, startControlPlane } from "../../scripts/testbed/controlplane.ts";
import { installDefinitions, shared } from "./shared.ts";

/** A real control plane on which the CRDs and rights of `deploy/` are installed. */
export interface Cluster extends ControlPlane {
  /** Makes a namespace of a fresh name that starts with `prefix`, and gives its name. */
  namespace(prefix?: string): Promise<string>;
}

export interface ClusterOptions {
  /** A control plane for this file alone: for those that run an operator over all namespaces, or break things. */
  own?: boolean;
}

/**
 * The control plane that the test runner shares between files; one of its own where there is none (a file run by hand) or `own`
 * says so. Call `stop` when done; it ends only what was started here.
 */
export async function cluster({ own = false }: ClusterOptions = {}): Promise<Cluster> {
  const path = own ? undefined : process.env[shared.kubeconfig];
  return clusterOf(path ? await attachControlPlane(path) : await started());
}

export function clusterOf(plane: ControlPlane): Cluster {
  return {
    ...plane,
    async namespace(prefix = "test") {
      const name = `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
      await plane.kubectl(["create", "namespace", name]);
      return name;
    },
  };
}

async function started(): Promise<ControlPlane> {
  const plane = await startControlPlane({ progress: (line) => console.error(line) });
  try {
    await installDefinitions(plane);
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}
